import { components } from '../../base/graph.ts';
import { compareText } from '../../base/text.ts';
import { parseGenerated, type RecordedPackage } from '../../repository/generated-record.ts';
import { GENERATED_PATH } from '../../repository/journal.ts';
import type { PackageUpdate } from '../../repository/package-update.ts';
import type { FileChange } from '../../repository/write-plan.ts';
import type { UpdatePlan } from './plan.ts';

/** What is committed how. */
export interface CommitChoices extends Pick<UpdatePlan, 'needs'> {
  readonly moved: readonly PackageUpdate[];
  readonly how: 'each' | 'all';
}

/** A commit to make; its message comes from stdin, so that nothing in it is an option. */
export interface PlannedCommit {
  readonly message: string;
  /** Relative to the repository. */
  readonly paths: readonly string[];
}

/**
 * The commits of an update. With `each`, the files that all share come first, with packages that come and go and what has to move with these; then each package, after
 * those that it needs. So the repository evaluates after every commit: what calls packages and what is called fit together, and no package leads back to itself through
 * one that has not moved yet.
 *
 * The record of what was generated goes with the last commit: before it, what has not moved yet counts as out of date and not as edited by hand.
 */
export function commitsOf(
  changes: readonly FileChange[],
  { moved, needs, how }: CommitChoices,
): readonly PlannedCommit[] {
  const paths = changes.map(({ path }) => path);
  const [only, ...others] = moved;
  if (paths.length === 0) return [];
  if (only === undefined) return [{ message: 'pylock.toml: resolved again\n', paths }];
  if (others.length === 0) return [{ message: `${titleOf(only)}\n`, paths }];
  const title = `update ${moved.length} packages`;
  if (how === 'all') return [{ message: withBody(title, moved), paths }];

  const tied = withLostExtras(changes, { moved, needs });
  const groups = inOrderOfNeeds(moved, tied);
  const bound = boundToShared(changes, { moved, needs: tied });
  const alone = groups.filter((group) => !group.some(({ name }) => bound.has(name)));
  const isAlone = new Set(alone.flat().map(({ name }) => name));
  const shared = paths.filter((path) => path !== GENERATED_PATH && !isAlone.has(packageOf(path) ?? ''));
  const together = moved.filter(({ name }) => !isAlone.has(name));
  const commits = [
    { message: withBody(`pylock.toml: ${title}`, together), paths: shared },
    ...alone.map((group) => ({
      message: withBody(group.map(titleOf).join(', '), group.length === 1 ? [] : group),
      paths: paths.filter((path) => group.some(({ name }) => packageOf(path) === name)),
    })),
  ].filter(({ paths: own }) => own.length > 0);
  const last = commits.at(-1);
  if (last === undefined) return [{ message: withBody(title, moved), paths }];
  const record = paths.filter((path) => path === GENERATED_PATH);
  return [...commits.slice(0, -1), { ...last, paths: [...record, ...last.paths] }];
}

function withBody(title: string, packages: readonly PackageUpdate[]): string {
  return packages.length === 0 ? `${title}\n` : `${title}\n\n${packages.map(titleOf).join('\n')}\n`;
}

/** As the commits of nixpkgs are called. */
function titleOf({ attribute, current, next }: PackageUpdate): string {
  return `python3Packages.${attribute}: ${current} -> ${next}`;
}

/** The package of a file `pkgs/NAME/FILE`. */
function packageOf(path: string): string | null {
  const [folder, name = '', file] = path.split('/');
  return folder === 'pkgs' && file !== undefined ? name : null;
}

/** What is needed comes before what needs it, also through packages that stay; what needs each other goes together. */
function inOrderOfNeeds(moved: readonly PackageUpdate[], needs: CommitChoices['needs']): readonly PackageUpdate[][] {
  const byName = new Map(moved.map((each) => [each.name, each]));
  const all = [...new Set([...byName.keys(), ...needs.keys()])].sort(compareText);
  return components(all, (name) => [...(needs.get(name) ?? [])].sort(compareText))
    .map((group) => group.flatMap((name) => byName.get(name) ?? []))
    .filter((group) => group.length > 0);
}

/** The needs, and that a package which loses an extra needs those first, or with it, whose old form names this extra. */
function withLostExtras(
  changes: readonly FileChange[],
  { moved, needs }: Pick<CommitChoices, 'moved' | 'needs'>,
): CommitChoices['needs'] {
  const tied = new Map([...needs].map(([name, needed]) => [name, new Set(needed)]));
  const expressions = expressionsIn(changes);
  const naming = moved.flatMap(({ name }) => {
    const text = expressions.get(name)?.beforeText ?? '';
    return text.includes('.optional-dependencies.') ? [{ name, text }] : [];
  });
  for (const { name, attribute } of moved) {
    const text = expressions.get(name)?.text ?? null;
    const losing = naming.filter((each) => namesMissingExtra(each.text, { attribute, text }));
    tied.set(name, new Set([...(tied.get(name) ?? []), ...losing.map((each) => each.name)]));
  }
  return tied;
}

/**
 * The packages that fit the shared files in their new form alone: their call is another one, their old form names a package that comes or goes, or lacks an extra that a shared
 * file names. With what these need, so that nothing leads back through an old form.
 */
function boundToShared(
  changes: readonly FileChange[],
  { moved, needs }: Pick<CommitChoices, 'moved' | 'needs'>,
): ReadonlySet<string> {
  const record = changes.find(({ path }) => path === GENERATED_PATH);
  const before = callsIn(record?.beforeText ?? null);
  const after = callsIn(record?.text ?? null);
  const comesOrGoes = [...attributesOf(before, after), ...attributesOf(after, before)];
  const names = new Set(moved.map(({ name }) => name));
  const expressions = expressionsIn(changes);
  const shared = changes.filter(({ path }) => path.endsWith('.nix') && !names.has(packageOf(path) ?? ''));
  const bound = moved.flatMap(({ name, attribute }) => {
    const old = expressions.get(name)?.beforeText ?? '';
    const words = new Set(old.split(/[^A-Za-z0-9_'-]+/u));
    const isOtherCall = JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name));
    const lacksExtra = shared.some(({ text }) => namesMissingExtra(text ?? '', { attribute, text: old }));
    return isOtherCall || lacksExtra || comesOrGoes.some((each) => words.has(each)) ? [name] : [];
  });
  const reached = new Set(bound);
  for (const name of reached) for (const needed of needs.get(name) ?? []) reached.add(needed);
  return reached;
}

/** The changed expressions of packages by name. */
function expressionsIn(changes: readonly FileChange[]): ReadonlyMap<string, FileChange> {
  return new Map(
    changes.flatMap((change) => {
      const name = change.path.endsWith('/default.nix') ? packageOf(change.path) : null;
      return name === null ? [] : [[name, change]];
    }),
  );
}

/** named = attribute ".optional-dependencies." extra, where the expression of the attribute, null for one that stays, has no binding of this name */
function namesMissingExtra(
  naming: string,
  { attribute, text }: { readonly attribute: string; readonly text: string | null },
): boolean {
  if (text === null) return false;
  const [, ...defined] = text.split(/^ *(?:passthru\.)?optional-dependencies\b/mu);
  const has = new Set(
    [...defined.join('').matchAll(/([\w.'-]+)"? =/gu)].map(([, extra]) => extra?.replace(/^\./u, '')),
  );
  const named = naming.matchAll(/([\w'-]+)"?\.optional-dependencies\."?([\w.'-]+)/gu);
  return [...named].some(([, of, extra]) => of === attribute && !has.has(extra));
}

function callsIn(record: string | null): ReadonlyMap<string, RecordedPackage> {
  const packages = record === null ? [] : (parseGenerated(record)?.packages ?? []);
  return new Map(packages.map((each) => [each.name, each]));
}

/** The attributes that some have and others have not. */
function attributesOf(
  some: ReadonlyMap<string, RecordedPackage>,
  others: ReadonlyMap<string, RecordedPackage>,
): readonly string[] {
  const known = new Set([...others.values()].map(({ attribute }) => attribute));
  return [...some.values()].flatMap(({ attribute }) => (known.has(attribute) ? [] : [attribute]));
}
