import * as v from 'valibot';
import { isOutputPath, STATE_FOLDER } from './output-path.ts';

/** The path of the record of what was generated. */
export const GENERATED_PATH = `${STATE_FOLDER}/generated.json`;

/** The path of the command lines that wrote into a folder without a manifest. */
export const REQUESTS_PATH = `${STATE_FOLDER}/requests.json`;

const DIGEST = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u));
// A repository may come from somebody else, and so may a journal in it: its paths are checked like all others.
const PATH = v.pipe(
  v.string(),
  v.check((path) => path === GENERATED_PATH || path === REQUESTS_PATH || isOutputPath(path)),
);
const JOURNAL = v.object({
  form: v.literal(1),
  /** `forward`: the new files take their places. `back`: the old ones return. */
  direction: v.picklist(['forward', 'back']),
  changes: v.array(v.object({ path: PATH, before: v.nullable(DIGEST), after: v.nullable(DIGEST) })),
  /** Folders that were not there before, innermost first. */
  folders: v.array(v.pipe(v.string(), v.check(isOutputPath))),
});

/** What a commit is about to do, kept on the disk while it does it. The change at index N has its new text in `tmp-next/N`, unless the file goes (`after` is null). */
export type Journal = v.InferOutput<typeof JOURNAL>;

/** The text of a journal. */
export function formatJournal(journal: Journal): string {
  return `${JSON.stringify(journal)}\n`;
}

/** Reads the text that `formatJournal` makes; null for any other text. */
export function parseJournal(text: string): Journal | null {
  try {
    const read = v.safeParse(JOURNAL, JSON.parse(text));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}
