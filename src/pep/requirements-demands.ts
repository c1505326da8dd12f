import type { UserError } from '../base/user-error.ts';
import type { PlacedText, RequirementLine } from './requirements-file.ts';

/** Options of a requirements file that change what is chosen, and that not every program can follow. */
export type RequirementsDemand = 'no-index' | 'require-hashes' | 'prefer-binary' | 'no-binary' | 'only-binary';

/** How a demand that the caller does not follow is told: what would make the result unsafe is refused, the rest is a note. */
export function isRefusedUnlessFollowed(demand: RequirementsDemand): boolean {
  return demand === 'no-index';
}

/** A requirement, and what is missing for its archive to be checked. */
export interface UncheckedLine {
  readonly line: RequirementLine;
  readonly what: 'no --hash' | 'no version pinned by ==';
}

/**
 * The requirements whose archives cannot be checked, after pip's mode of hash checking: each needs a digest, and a project of an index
 * needs its one version too. Constraints count, because a project can be pinned there.
 */
export function uncheckedLines(
  requirements: readonly RequirementLine[],
  constraints: readonly RequirementLine[],
): readonly UncheckedLine[] {
  const pinned = new Set(constraints.filter(isPinned).map(nameOf));
  return requirements.flatMap((line): UncheckedLine[] => {
    if (line.hashes.length === 0 && !/[#&]sha(?:256|384|512)=/.test(line.text)) return [{ line, what: 'no --hash' }];
    if (line.kind === 'requirement' && !isPinned(line) && !pinned.has(nameOf(line)))
      return [{ line, what: 'no version pinned by ==' }];
    return [];
  });
}

/** What the files demand about hashes: the last option counts, `null` without one. */
export interface HashDemand {
  readonly required: boolean;
  readonly place: PlacedText | null;
}

/** Tells each unchecked requirement: as a fault where hashes are demanded, else as a warning where other requirements have one. */
export function checkHashes(
  file: { readonly requirements: readonly RequirementLine[]; readonly constraints: readonly RequirementLine[] },
  demand: HashDemand,
  tell: {
    readonly fault: (line: RequirementLine, message: string) => UserError;
    readonly warn: (line: RequirementLine, message: string) => void;
  },
): UserError[] {
  const unchecked = uncheckedLines(file.requirements, file.constraints);
  if (demand.required) {
    const where = demand.place === null ? '' : ` of ${demand.place.file}:${demand.place.line}`;
    return unchecked.map(({ line, what }) => tell.fault(line, `--require-hashes${where} is not met: ${what}`));
  }
  const withHash = file.requirements.find(({ hashes }) => hashes.length > 0);
  if (withHash === undefined) return [];
  for (const { line, what } of unchecked) {
    if (what !== 'no --hash') continue;
    tell.warn(line, `no --hash, though line ${withHash.line} of ${withHash.file} has one: its archive is not checked`);
  }
  return [];
}

function isPinned(line: RequirementLine): boolean {
  return (
    line.kind === 'requirement' &&
    line.requirement.specifier.some(
      ({ operator, version }) => operator === '===' || (operator === '==' && !version.endsWith('.*')),
    )
  );
}

function nameOf(line: RequirementLine): string | null {
  return line.kind === 'requirement' ? line.requirement.name : line.name;
}
