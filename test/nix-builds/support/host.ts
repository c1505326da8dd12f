import { existsSync, readdirSync } from 'node:fs';
import { it } from 'vitest';

/**
 * `it` for tests that compile: skipped, with a line on stderr, where the host lacks a header below /usr/include.
 * A `*` stands for one folder. With REQUIRE_NIX=1 nothing is skipped.
 */
export function itWithHeaders(headers: Readonly<Record<string, string>>): typeof it | typeof it.skip {
  const absent = Object.entries(headers).filter(([header]) => !headerIsThere(header));
  if (absent.length === 0 || process.env.REQUIRE_NIX === '1') return it;
  const remedies = absent.map(([header, debianPackage]) => `${header} (apt-get install ${debianPackage})`);
  process.stderr.write(`skipped tests that compile, for want of ${remedies.join(', ')}\n`);
  return it.skip;
}

function headerIsThere(header: string): boolean {
  const [folder = '', file] = header.split('/');
  if (file === undefined) return existsSync(`/usr/include/${header}`);
  const prefix = folder.replace('*', '');
  return readdirSync('/usr/include').some(
    (name) => name.startsWith(prefix) && existsSync(`/usr/include/${name}/${file}`),
  );
}
