/**
 * On which lines fields of a metadata file stand, from 1, by keys in lower case: `summary`; `project-url: homepage`, `classifier: …` and (as it is written) `requires-dist: …` for
 * those that may stand several times.
 */
export type MetadataLines = Readonly<Record<string, number>>;

/** Real files have some hundred fields. */
const MOST = 2000;

const REQUIREMENT = 'requires-dist: ';
const SINGLE = /^(Summary|Home-page|License|License-Expression|Requires-Python|Import-Name):/iu;
const SEVERAL = /^(Project-URL|Classifier|Requires-Dist):[ \t]{0,20}([^\s].{0,500})/iu;

/**
 * The lines of the fields of a PKG-INFO or METADATA file that an expression is made of; of the classifiers those of licences alone.
 * line = field ":" value
 */
export function metadataLines(text: string): MetadataLines {
  const lines = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    // Folded lines of a description may be blank but for their indentation.
    if (line === '' || line === '\r' || lines.size >= MOST) break;
    const key = keyOf(line);
    if (key !== null && !lines.has(key)) lines.set(key, index + 1);
  }
  return Object.fromEntries(lines);
}

function keyOf(line: string): string | null {
  const single = SINGLE.exec(line)?.[1];
  if (single !== undefined) return single.toLowerCase();
  const [, field = '', value = ''] = SEVERAL.exec(line) ?? [];
  const name = field.toLowerCase();
  if (name === '' || (name === 'classifier' && !/^license\b/iu.test(value))) return null;
  if (name === 'requires-dist') return `${REQUIREMENT}${value.trim()}`;
  return `${name}: ${(name === 'project-url' ? (value.split(',', 1)[0] ?? '') : value).trim().toLowerCase()}`;
}

/** Where a field stands; `what` tells which of several. Undefined where that is not known. */
export function lineOfField(lines: MetadataLines | undefined, field: string, what?: string): number | undefined {
  const key = (what === undefined ? field : `${field}: ${what.trim()}`).toLowerCase();
  return lines !== undefined && Object.hasOwn(lines, key) ? lines[key] : undefined;
}

/** The requirement texts whose lines are known, as they are written. */
export function requirementLines(lines: MetadataLines | undefined): readonly (readonly [text: string, line: number])[] {
  return Object.entries(lines ?? {}).flatMap(([key, line]) =>
    key.startsWith(REQUIREMENT) ? [[key.slice(REQUIREMENT.length), line] as const] : [],
  );
}
