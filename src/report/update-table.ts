import { countOf, joinWords, oneLine } from '../base/text.ts';
import type {
  ChangedFact,
  KnownVulnerability,
  PackageUpdate,
  ReleaseChanges,
  RepositoryUpdate,
  UpdateStep,
} from '../repository/package-update.ts';

/** What a table of updates is told beyond the updates. */
export interface TableOptions {
  /** Milliseconds since 1970: ages are of then. */
  readonly now: number;
  /** How large the step of a package is that gets another version. */
  readonly stepOf: (update: PackageUpdate) => UpdateStep | 'back';
}

/**
 * Which packages get which versions and what that changes, and which are held back by whom: a row each with lines below it, then what comes and goes, then the counts.
 * Packages that have their newest version are only counted. Ends with a line break.
 */
export function updateTable(update: RepositoryUpdate, options: TableOptions): string {
  const told = update.packages.filter((each) => isMoved(each) || each.heldBack.length > 0);
  const cells = [
    ['package', 'current', 'allowed', 'newest', 'age'],
    ...told.map((each) => [
      each.name,
      each.current,
      each.next,
      each.newest ?? '?',
      isMoved(each) ? ageOf(each.uploaded, options.now) : '',
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const [head = '', ...rows] = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const table = told.length === 0 ? [] : [head, ...rows.flatMap((row, at) => [row, ...detailsOf(told[at])]), ''];
  return `${[...table, ...comingAndGoing(update), summary(update, options)].join('\n')}\n`;
}

/** Whether a package gets another version. */
export function isMoved({ current, next }: PackageUpdate): boolean {
  return current !== next;
}

function detailsOf(update: PackageUpdate | undefined): string[] {
  if (update === undefined) return [];
  const { changes, fixes, brings, heldBack, newest } = update;
  const lines = [
    ...(changes === null ? [] : changeLines(changes)),
    ...fixes.map((each) => `fixes ${vulnerabilityText(each)}`),
    ...brings.map((each) => `brings ${vulnerabilityText(each)}`),
    ...heldBack.map((clause) => `not ${newest ?? 'newer'}: ${clause}`),
  ];
  return lines.map((line) => `  ${oneLine(line)}`);
}

function changeLines({ added, removed, bounds, requiresPython, licence, buildBackend }: ReleaseChanges): string[] {
  return [
    ...added.map((text) => `needs ${text} now`),
    ...removed.map((text) => `does not need ${text} any more`),
    ...bounds.map(({ before, after }) => `needs ${after} (before: ${before})`),
    ...factLine('Python', requiresPython, 'any'),
    ...factLine('licence', licence, 'none stated'),
    ...factLine('build backend', buildBackend, 'none'),
  ];
}

function factLine(what: string, fact: ChangedFact | null, nothing: string): string[] {
  return fact === null ? [] : [`${what}: ${fact.before ?? nothing} -> ${fact.after ?? nothing}`];
}

/** The CVE number is what people know. */
function vulnerabilityText({ id, aliases, summary }: KnownVulnerability): string {
  const cve = aliases.find((alias) => /^CVE-/u.test(alias));
  const name = cve === undefined || cve === id ? id : `${cve} (${id})`;
  if (summary === null) return name;
  const line = oneLine(summary);
  return `${name}: ${line.length <= LONGEST_SUMMARY ? line : `${line.slice(0, LONGEST_SUMMARY)}…`}`;
}

const LONGEST_SUMMARY = 120;

function comingAndGoing({ added, removed }: RepositoryUpdate): string[] {
  const names = (list: RepositoryUpdate['added']): string =>
    joinWords(list.map(({ name, version }) => `${name} ${version}`));
  return [
    ...(added.length === 0 ? [] : [`new packages: ${names(added)}`]),
    ...(removed.length === 0 ? [] : [`packages that nothing needs any more: ${names(removed)}`]),
  ];
}

function summary({ packages }: RepositoryUpdate, { stepOf }: TableOptions): string {
  const moved = packages.filter(isMoved);
  const held = packages.filter((each) => !isMoved(each) && each.heldBack.length > 0).length;
  const steps = moved.map(stepOf);
  const kinds = (['major', 'minor', 'patch', 'other', 'back'] as const).flatMap((kind) => {
    const count = steps.filter((step) => step === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return [
    moved.length === 0 ? 'no updates' : `${countOf(moved.length, 'update')} (${kinds.join(', ')})`,
    ...(held === 0 ? [] : [`${held} held back`]),
    `${packages.length - moved.length - held} up to date`,
  ].join(', ');
}

const DAY = 24 * 60 * 60 * 1000;

/** How long ago something was, in the unit in which people count it. */
function ageOf(instant: string | null, now: number): string {
  const since = instant === null ? Number.NaN : now - Date.parse(instant);
  if (Number.isNaN(since)) return '?';
  const days = Math.max(0, Math.floor(since / DAY));
  if (days < 1) return 'today';
  if (days < 60) return countOf(days, 'day');
  return days < 730 ? countOf(Math.floor(days / 30.44), 'month') : countOf(Math.floor(days / 365.25), 'year');
}
