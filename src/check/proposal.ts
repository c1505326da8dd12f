/** A list of inputs or names that a rule adds to. */
export type AddedList =
  | 'build-system'
  | 'nativeBuildInputs'
  | 'buildInputs'
  | 'dependencies'
  | 'nativeCheckInputs'
  | 'pythonRelaxDeps'
  | 'disabledTests'
  | 'disabledTestPaths';

/** One attribute of a proposed rule. */
export type ProposedChange =
  | { readonly kind: 'add'; readonly list: AddedList; readonly entries: readonly string[] }
  | { readonly kind: 'env'; readonly name: string; readonly value: string }
  | { readonly kind: 'postPatch'; readonly script: string };

/** What would help, as one rule of an override file of `project`. */
export interface Proposal {
  /** PEP 503 name of the project that the rule is for. */
  readonly project: string;
  readonly changes: readonly ProposedChange[];
}

/** A proposal in words: `add zlib to buildInputs`. */
export function proposalText({ changes }: Proposal): string {
  return changes.map(changeText).join(', ');
}

function changeText(change: ProposedChange): string {
  if (change.kind === 'env') return `set ${change.name} to ${change.value} in env`;
  if (change.kind === 'postPatch') return `change the sources before the build (postPatch: ${change.script})`;
  const names = change.entries.join(', ');
  return change.list === 'pythonRelaxDeps' ? `relax ${names} (pythonRelaxDeps)` : `add ${names} to ${change.list}`;
}

/** The same for the same rule. */
export function proposalKey({ project, changes }: Proposal): string {
  return JSON.stringify([project, changes]);
}
