import * as v from 'valibot';
import { compareText } from '../base/text.ts';
import type { GeneratedDigests } from './write-plan.ts';

const RECORD = v.object({
  form: v.literal(1),
  files: v.pipe(
    v.custom<Readonly<Record<string, unknown>>>((files) => typeof files === 'object' && files !== null),
    v.transform((files) => Object.entries(files)),
    v.array(v.tuple([v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u))])),
  ),
});

/** The text of `.pypi2nix/generated.json`: the digest of each file as it was last written, sorted by path. */
export function formatGenerated(generated: GeneratedDigests): string {
  const files = Object.fromEntries([...generated].sort(([a], [b]) => compareText(a, b)));
  return `${JSON.stringify({ form: 1, files }, null, 2)}\n`;
}

/** Reads the text that `formatGenerated` makes; null for any other text. */
export function parseGenerated(text: string): GeneratedDigests | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const read = v.safeParse(RECORD, json);
  return read.success ? new Map(read.output.files) : null;
}
