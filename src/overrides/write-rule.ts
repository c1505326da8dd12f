/** A value of a rule as TOML writes it. */
export type RuleValue = string | boolean | readonly string[];

/** A rule to be written: its attributes by their key, `buildInputs.add` or `env.NAME`, in the order in which they stand. */
export interface WrittenRule {
  readonly attributes: readonly (readonly [string, RuleValue])[];
  /** One line. */
  readonly reason: string;
}

/** The text of one `[[rule]]`, ends with a line break. Texts of several lines do not occur: each is written on one. */
export function ruleText({ attributes, reason }: WrittenRule): string {
  const lines = attributes.map(([key, value]) => `${key} = ${tomlValue(value)}`);
  return ['[[rule]]', ...lines, `reason = ${tomlString(reason)}`, ''].join('\n');
}

/**
 * The text of an override file with a rule more at its end; nothing else of it changes. `head`: what a new file begins with. Give the empty text for a file that is not
 * there.
 */
export function withRule(file: string, rule: string, head = ''): string {
  if (file === '') return `${head}${rule}`;
  const lineEnd = file.includes('\r\n') ? '\r\n' : '\n';
  const gap = file.endsWith(`${lineEnd}${lineEnd}`) ? '' : file.endsWith('\n') ? lineEnd : `${lineEnd}${lineEnd}`;
  return `${file}${gap}${rule.replaceAll('\n', lineEnd)}`;
}

/** The text of a file without a rule that {@link withRule} added, wherever it stands now; null where it is not there as it was written. */
export function withoutRule(file: string, rule: string): string | null {
  const lineEnd = file.includes('\r\n') ? '\r\n' : '\n';
  const text = rule.replaceAll('\n', lineEnd);
  const at = file.lastIndexOf(text);
  if (at < 0) return null;
  const before = file.slice(0, at);
  const after = file.slice(at + text.length);
  return (before.endsWith(`${lineEnd}${lineEnd}`) ? before.slice(0, -lineEnd.length) : before) + after;
}

function tomlValue(value: RuleValue): string {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? tomlString(value) : `[${value.map(tomlString).join(', ')}]`;
}

/** A basic string: JSON's escapes are among those of TOML, but for DEL, and surrogates have to be in pairs. */
function tomlString(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll('\u007f', '\\u007f');
}
