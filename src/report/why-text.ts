import { starSecrets } from '../base/secrets.ts';
import { oneLine } from '../base/text.ts';
import type { Origin } from '../classify/package-facts.ts';
import type { TracedPart } from './why-trace.ts';

export interface WhyTextOptions {
  /** `lxml 6.1.3`. */
  readonly title: string;
  readonly parts: readonly TracedPart[];
}

/**
 * The trace of a package for a reader: a heading for each list, its inputs below it, and below each input a line for everything that asks for it. Ends with a
 * line break.
 */
export function whyText({ title, parts }: WhyTextOptions): string {
  const lines = [oneLine(title)];
  let heading = '';
  for (const part of parts) {
    const { attribute, name, value, state, origins } = part;
    if (name === null) {
      lines.push('', ...valueLines(attribute, value));
    } else {
      if (attribute !== heading) lines.push('', shown(HEADINGS.get(attribute) ?? attribute));
      lines.push(`  ${shown(value)}${state === 'kept' ? '' : ` (${state})`}`);
    }
    heading = attribute;
    const indent = name === null ? '  ' : '    ';
    // What says the same at several places says it once for each.
    lines.push(...new Set(origins.map((origin) => `${indent}${originText(origin, name)}`)));
    if (origins.length === 0) lines.push(`${indent}what the release says`);
  }
  if (parts.length === 0) lines.push('', 'no inputs and no attributes');
  return `${lines.join('\n')}\n`;
}

const HEADINGS: ReadonlyMap<string, string> = new Map([['liftedBuildBounds', 'build-system, bounds that are lifted']]);

/** Where something comes from, on one line: `declared in the extra redis: kombu[redis]>=5 (setup.py:12)`. */
export function originText(origin: Origin, name: string | null = null): string {
  const { kind, text, file, line, requirement } = origin;
  const place = file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`;
  const asked = requirement === undefined || requirement === name ? '' : `: ${requirement}`;
  const lead = kind === 'inference' ? 'inferred: ' : kind === 'backend' ? 'build backend: ' : '';
  return shown(`${lead}${text}${asked}${place}`);
}

/** A script is shown as it is, below its name. */
function valueLines(attribute: string, value: string): string[] {
  if (!value.includes('\n')) return [`${shown(attribute)}: ${cut(value)}`];
  return [`${shown(attribute)}:`, ...value.split('\n').map((line) => `  | ${shown(line)}`.trimEnd())];
}

/** Beyond this a value is told by its beginning. */
const LONGEST_VALUE = 200;

function cut(value: string): string {
  const line = shown(value);
  return line.length <= LONGEST_VALUE ? line : `${line.slice(0, LONGEST_VALUE)}…`;
}

function shown(text: string): string {
  return starSecrets(oneLine(text));
}
