import { formatSourceAddress, type SourceAddress } from '../../pep/source-address.ts';

/** Whether two addresses lead to the same; how a revision is called and what digest is demanded does not matter. */
export function isSameAddress(a: SourceAddress, b: SourceAddress): boolean {
  return placeOf(a) === placeOf(b);
}

/** The first of two addresses that lead to the same, with the digest that either demands; null where they do not, or demand different ones. */
export function sameAddress(a: SourceAddress, b: SourceAddress): SourceAddress | null {
  if (!isSameAddress(a, b)) return null;
  if (a.kind !== 'archive' || b.kind !== 'archive' || b.sha256 === null) return a;
  return a.sha256 === null || a.sha256 === b.sha256 ? { ...a, sha256: b.sha256 } : null;
}

function placeOf(address: SourceAddress): string {
  switch (address.kind) {
    case 'archive':
      return formatSourceAddress({ ...address, sha256: null });
    case 'directory':
      return formatSourceAddress({ ...address, editable: false });
    case 'git': {
      const url = address.url.replace(/\/$/u, '').replace(/\.git$/u, '');
      return formatSourceAddress({ ...address, url, revision: address.commit ?? address.revision });
    }
  }
}
