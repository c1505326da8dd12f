/** What the log of a failed build says. */
export interface LogFailure {
  /** The phase in which it failed, as nixpkgs calls them; null where the log names none. */
  readonly phase: string | null;
  readonly kind: string;
  /** What was missing, for example the name of a module; empty where the log does not say. */
  readonly detail: string;
  readonly lastLines: readonly string[];
}

const LAST_LINES = 12;

/** Finds out what failed from the log of a build. Of several reasons the one whose rule stands first, because the others often follow from it. */
export function explainLog(log: string): LogFailure {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const lastLines = lines.slice(-LAST_LINES);
  const phase = lastPhase(lines);
  const unmet = unmetRequirements(lines);
  if (unmet !== null) return { phase, ...unmet, lastLines };
  for (const [kind, pattern] of RULES) {
    if (lines.some((line) => pattern.test(line))) return { phase, kind, detail: detailOf(lines, pattern), lastLines };
  }
  return { phase, kind: 'other', detail: lastLines.at(-1)?.trim() ?? '', lastLines };
}

/** Kinds of failures, the more telling ones first; the groups of a pattern are the detail. */
const RULES: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['missing backend', /^the build backend (\S+) is not there/u],
  ['missing library', /cannot find -l([^\s:]+)/u],
  ['missing library', /^ {2}(lib\S+), needed by /u],
  ['missing library', /^No package '([^']+)' found/u],
  ['missing header', /fatal error: (\S+): No such file or directory/u],
  ['wrong version', /^the wheel is of (version .+)$/u],
  ['wrong name', /^the wheel is of (.+)$/u],
  ['missing module', /^E {3}ModuleNotFoundError: No module named '([^']+)'/u],
  ['tests fail', /^(?:FAILED|ERROR) (\S+)/u],
  ['tests fail', /^(?:FAIL|ERROR): (\S+)/u],
  ['missing module', /ModuleNotFoundError: No module named '([^']+)'/u],
  ['missing module', /ImportError: (?:cannot import name .*|No module named .*)/u],
  [
    'network',
    /(?:Temporary failure in name resolution|Name or service not known|Network is unreachable|Connection refused)/u,
  ],
  ['missing archive', /^error: (\S+) is not in the store/u],
  ['patch does not apply', /^substituteInPlace: (.+)$/u],
  ['missing tool', /(?:^|[:\s])([\w.+-]+): command not found/u],
  ['missing tool', /No such file or directory: '([\w.+-]+)'/u],
  ['import fails', /pythonImportsCheck: (\S+) cannot be imported/u],
];

/** The requirements that the stand-in's builder lists below its message, a line each. */
function unmetRequirements(lines: readonly string[]): { readonly kind: string; readonly detail: string } | null {
  const at = lines.findIndex((line) => UNMET.test(line));
  const kind = UNMET.exec(lines[at] ?? '')?.[1];
  if (kind === undefined) return null;
  const after = lines.slice(at + 1);
  const end = after.findIndex((line) => !line.startsWith('  '));
  const listed = end < 0 ? after : after.slice(0, end);
  return { kind, detail: listed.map((line) => line.trim()).join('; ') };
}

const UNMET = /^(undeclared (?:build requirements|dependencies)) \(/u;

function detailOf(lines: readonly string[], pattern: RegExp): string {
  const found = lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  return [...new Set(found)].slice(0, 5).join(', ');
}

/** `== buildPhase` of the stand-in set, `Running phase: buildPhase` of nixpkgs. */
function lastPhase(lines: readonly string[]): string | null {
  const phases = lines.flatMap((line) => /^(?:== |Running phase: )(\w+)$/u.exec(line)?.[1] ?? []);
  return phases.at(-1) ?? null;
}
