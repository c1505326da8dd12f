import { rmSync } from 'node:fs';
import path from 'node:path';
import { countOf, joinWords } from '../../base/text.ts';
import type { AddedList, Proposal } from '../../check/proposal.ts';
import { normalizeName } from '../../pep/name.ts';
import { parseGenerated } from '../../repository/generated-record.ts';
import { giveWay, type TakenAway } from '../../repository/give-way.ts';
import { STATE_FOLDER } from '../../repository/output-path.ts';
import { putFile, textOf } from './small-files.ts';

/** An expression of which edits by hand have given way. */
export interface YieldedEdit {
  /** Relative to the repository. */
  readonly file: string;
  /** The file as the user had it. */
  readonly before: string;
  /** Where the user's file lies now as a whole, relative to the repository; null: its other edits are still in their place. */
  readonly beside: string | null;
  /** What happened, a sentence without final full stop. */
  readonly text: string;
}

/** What is put behind the name of a file of the user that made place as a whole. */
const EDITED_ENDING = '.pypi2nix-edited';

/**
 * Lets those edits by hand give way that keep what a rule adds out of the expression of its project: the edits that took it away, and where they cannot be told from others, or where
 * the rule meets another edit, all of the file, which is then kept beside. Give it the repository after it was generated with the rule; generate once more afterwards.
 * Null: no edit is in the way. `attributes`: the names under which expressions take a project (PEP 503 name). `before` is told what is about to be done.
 *
 * Throws UserError E_CANNOT_WRITE (exit 73).
 */
export function yieldEdits(
  repository: string,
  proposal: Proposal,
  {
    attributes,
    before,
  }: {
    readonly attributes: (project: string) => readonly string[];
    readonly before: (edit: YieldedEdit) => void;
  },
): YieldedEdit | null {
  const file = `pkgs/${proposal.project}/default.nix`;
  const target = path.join(repository, file);
  const edited = textOf(target);
  const record = parseGenerated(textOf(path.join(repository, STATE_FOLDER, 'generated.json')) ?? '');
  const known = record?.files.get(file);
  if (edited === null || known === undefined || known.text === null || known.text === edited) return null;
  const took = proposal.changes.flatMap((change) =>
    change.kind === 'add' ? change.entries.map((entry) => entry.replace(/[[<>=!~;( ].*$/u, '')) : [],
  );
  const given = giveWay({ base: known.text, edited }, takenAway(proposal, attributes));
  if (given === null && known.proposed === undefined) return null;
  if (given !== null && given !== 'inseparable') {
    const where = `${given.lines.length === 1 ? 'line' : 'lines'} ${joinWords(given.lines.map(String))} of what was generated`;
    const text = `${file}: your edit that took ${joinWords(took)} away gave way (${where}), all others stay`;
    const edit: YieldedEdit = { file, before: edited, beside: null, text };
    before(edit);
    putFile(target, given.text);
    return edit;
  }
  const beside = `${file}${EDITED_ENDING}`;
  const text = `${file}: ${countOf(took.length, 'input')} that the rule adds cannot be told from your edits, so the file is as it is generated, and yours is ${beside}`;
  const edit: YieldedEdit = { file, before: edited, beside, text };
  before(edit);
  putFile(path.join(repository, beside), edited);
  putFile(target, known.proposed ?? known.text);
  return edit;
}

/** Puts the file of the user back, because what it gave way to did not help. */
export function restoreEdits(repository: string, { file, before, beside }: YieldedEdit): void {
  putFile(path.join(repository, file), before);
  if (beside !== null) rmSync(path.join(repository, beside), { force: true });
}

/** The attributes that a list of a rule may be in, in the expressions for all releases of nixpkgs. */
const ATTRIBUTES_OF_LIST: Readonly<Record<AddedList, readonly string[]>> = {
  'build-system': ['build-system', 'nativeBuildInputs', 'buildInputs'],
  nativeBuildInputs: ['nativeBuildInputs', 'buildInputs'],
  buildInputs: ['buildInputs'],
  dependencies: ['dependencies', 'propagatedBuildInputs'],
  nativeCheckInputs: ['nativeCheckInputs', 'checkInputs', 'buildInputs'],
  pythonRelaxDeps: ['pythonRelaxDeps'],
  disabledTests: ['disabledTests'],
  disabledTestPaths: ['disabledTestPaths'],
};

function takenAway({ changes }: Proposal, attributesOf: (project: string) => readonly string[]): TakenAway {
  const names = new Set<string>();
  const attributes = new Set<string>();
  for (const change of changes) {
    if (change.kind !== 'add') continue;
    for (const attribute of ATTRIBUTES_OF_LIST[change.list]) attributes.add(attribute);
    for (const entry of change.entries) {
      const [name = entry] = /[\w-]+/u.exec(entry.replace(/^(?:system|python):/u, '')) ?? [];
      for (const each of [name, ...attributesOf(normalizeName(name))]) names.add(normalizeName(each));
    }
  }
  return { isMissed: (word) => names.has(normalizeName(word)), attributes };
}
