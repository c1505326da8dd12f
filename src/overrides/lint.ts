import type { MarkerEnvironment } from '../pep/marker.ts';
import { readToml, type TextPlace, tomlPlaces } from '../pep/toml-text.ts';
import { deadConditions } from './lint-conditions.ts';
import { unknownNames } from './lint-names.ts';
import { disorders } from './lint-order.ts';
import { overlaps } from './lint-overlaps.ts';
import { faultOfName } from './load.ts';
import { excerptAt, type OverrideText, parseOverrideFile } from './override-file.ts';
import type { UnreadableFile } from './read-file.ts';
import type { OverrideRule } from './rule.ts';

/** What a check of override files has to know of the world. */
export interface LintKnowledge {
  /** The releases of nixpkgs that can be asked for, with `unstable`. */
  readonly releases: readonly string[];
  /** Every target that can be asked for. */
  readonly environments: readonly MarkerEnvironment[];
  /** Whether a system library or tool is known by this attribute of a current nixpkgs. */
  readonly knowsSystem: (attribute: string) => boolean;
  /** Known attributes, to find the one that was meant. */
  readonly systems: readonly string[];
  /** Whether a release has no system library of this attribute, under no name; null where that is not known. */
  readonly isAbsent: (attribute: string, release: string) => boolean | null;
  /** Whether the package set is known to have the project (PEP 503 name). */
  readonly knowsProject: (project: string) => boolean;
}

/**
 * What kind of finding it is, for scripts. `unreadable`: no TOML or no text at all; `format`: what a run refuses as well; `dead`: can never hold, or no rule at all;
 * `overlap`: two rules say different things of the same; `duplicate`: said twice; `order`: not sorted; `unknown-name`: not known here, which may be
 * an oversight of this program; `redundant`: makes no difference.
 */
export type LintCode =
  | 'unreadable'
  | 'format'
  | 'dead'
  | 'overlap'
  | 'duplicate'
  | 'order'
  | 'unknown-name'
  | 'redundant';

/** Something that is wrong with an override file, or looks so. */
export interface LintFinding extends TextPlace {
  readonly code: LintCode;
  /** False: a warning, which fails no run. */
  readonly fails: boolean;
  /** As it is shown. */
  readonly file: string;
  /** A clause. */
  readonly text: string;
  readonly hint: string | null;
  /** The line of the file with a caret under the place, two lines; null where there is no text to show. */
  readonly excerpt: string | null;
}

/** A finding inside a rule; `path` leads to it from the table of the rule. */
export interface RuleFinding {
  readonly code: LintCode;
  readonly fails: boolean;
  readonly rule: OverrideRule;
  readonly path: readonly (string | number)[];
  readonly text: string;
  readonly hint: string | null;
}

/** A file after the check. */
export interface LintedFile {
  readonly findings: readonly LintFinding[];
  /** Those without faults of their format. */
  readonly rules: readonly OverrideRule[];
  /** Shows a finding about one of these rules where it stands. */
  readonly place: (finding: RuleFinding) => LintFinding;
}

/** Checks one override file as far as its text and general knowledge go; nothing is read from outside. Findings are in the order of the text. */
export function lintOverrideFile(source: OverrideText, knowledge: LintKnowledge): LintedFile {
  const text = source.text.replaceAll('\r\n', '\n');
  const { rules, faults, isReadable } = parseOverrideFile(source);
  const read = isReadable ? readToml(text) : null;
  const tables = read !== null && 'table' in read && Array.isArray(read.table.rule) ? read.table.rule : [];
  const places = isReadable ? tomlPlaces(text) : null;
  const place = (finding: RuleFinding): LintFinding => {
    const { code, fails } = finding;
    const at = places?.at(['rule', finding.rule.number - 1, ...finding.path]) ?? { line: 1, column: 1 };
    return {
      code,
      fails,
      file: source.file,
      ...at,
      text: finding.text,
      hint: finding.hint,
      excerpt: excerptAt(text, at),
    };
  };
  const misnamed = faultOfName(source.project);
  const findings: LintFinding[] = [
    ...(misnamed === null
      ? []
      : [{ ...formatFinding(source.file), line: 1, column: 1, text: misnamed.text, hint: misnamed.hint }]),
    ...faults.map((fault) => ({
      ...formatFinding(source.file),
      code: isReadable ? ('format' as const) : ('unreadable' as const),
      ...fault.place,
      text: fault.text,
      hint: fault.hint,
      excerpt: excerptAt(text, fault.place),
    })),
    ...(isReadable && tables.length === 0 && faults.length === 0
      ? [
          {
            ...formatFinding(source.file),
            code: 'dead' as const,
            line: 1,
            column: 1,
            text: 'the file has no rule',
            hint: 'write [[rule]], or remove the file',
          },
        ]
      : []),
    ...(faults.length === 0 ? unusedPatches(source, rules) : []),
    ...[
      ...rules.flatMap((rule) => [
        ...deadConditions(rule, knowledge),
        ...disorders(rule, tables[rule.number - 1]),
        ...unknownNames(rule, tables[rule.number - 1], knowledge),
      ]),
      ...overlaps(rules, { tables, releases: knowledge.releases }),
    ].map(place),
  ];
  return { findings: findings.sort((a, b) => a.line - b.line || a.column - b.column), rules, place };
}

/** Patches that no rule puts into a list: nobody applies them. */
function unusedPatches(
  { file, project, patches = new Map() }: OverrideText,
  rules: readonly OverrideRule[],
): LintFinding[] {
  const used = new Set(rules.flatMap((rule) => [...(rule.patches?.keys() ?? [])]));
  return [...patches.keys()]
    .filter((name) => !used.has(name))
    .map((name) => ({
      ...formatFinding(file),
      code: 'dead',
      line: 1,
      column: 1,
      text: `no rule has the patch ${project}/${name}`,
      hint: 'name it in `patches`, or remove it',
    }));
}

/** The finding about a file that is no text. */
export function lintUnreadable({ file, line, column, text }: UnreadableFile): LintFinding {
  return { ...formatFinding(file), code: 'unreadable', line, column, text: `the file ${text}`, hint: null };
}

function formatFinding(file: string): Pick<LintFinding, 'code' | 'fails' | 'file' | 'excerpt'> {
  return { code: 'format', fails: true, file, excerpt: null };
}
