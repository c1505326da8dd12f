import pLimit from 'p-limit';
import { EXIT, userErrorsOf } from '../../src/base/user-error.ts';

/** What came of one job: its value, or why there is none. */
export type Outcome<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** The network or the index failed, and not what it gave: nothing is known of the project. */
      readonly isOutside: boolean;
    };

export interface RunEachOptions {
  readonly atATime: number;
  /** Takes one line for each job that ends. */
  readonly onLine: (line: string) => void;
}

/**
 * Runs a job for each entry, several at a time, and gives the outcomes in the order of the entries. A job that throws is an outcome; one that the
 * network made fail is tried once more when all the others have ended. Where the first jobs all find no network, the others are not tried.
 */
export async function runEach<Entry extends { readonly name: string }, Value>(
  entries: readonly Entry[],
  job: (entry: Entry) => Promise<Value>,
  { atATime, onLine }: RunEachOptions,
): Promise<readonly Outcome<Value>[]> {
  const limit = pLimit(atATime);
  let ended = 0;
  let unreached = 0;
  const isDead = (): boolean => unreached === ended && ended >= atATime;
  const first = await Promise.all(
    entries.map((entry) =>
      limit(async () => {
        if (isDead()) return NOT_TRIED;
        const outcome = await outcomeOf(() => job(entry));
        ended += 1;
        if (isUnreached(outcome)) unreached += 1;
        onLine(`${ended}/${entries.length} ${entry.name}${outcome.kind === 'done' ? '' : `: ${outcome.message}`}`);
        return outcome;
      }),
    ),
  );
  if (unreached === ended) return first;
  return Promise.all(
    entries.map((entry, index) => {
      const outcome = first[index] ?? NOT_TRIED;
      if (!isUnreached(outcome)) return outcome;
      return limit(() => {
        onLine(`once more: ${entry.name}`);
        return outcomeOf(() => job(entry));
      });
    }),
  );
}

const NOT_TRIED = {
  kind: 'failed',
  message: 'not tried, because the others found no network',
  isOutside: true,
} as const;

function isUnreached(outcome: Outcome<unknown>): boolean {
  return outcome.kind === 'failed' && outcome.isOutside;
}

async function outcomeOf<Value>(job: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { kind: 'done', value: await job() };
  } catch (thrown) {
    const errors = userErrorsOf(thrown);
    const isOutside = errors?.some(({ exit }) => exit === EXIT.unavailable) === true;
    const message = errors === undefined ? defectText(thrown) : errors.map((error) => error.message).join('; ');
    return { kind: 'failed', message: message.replace(/\s+/gu, ' '), isOutside };
  }
}

/** With the place where it was thrown. */
function defectText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `a defect: ${String(thrown)}`;
  const place = /^ +at .+$/mu.exec(thrown.stack ?? '')?.[0] ?? '';
  return `a defect: ${thrown.message}${place}`;
}
