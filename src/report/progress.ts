import type { ProgressEvent, ProgressSink } from '../base/progress.ts';
import { oneLine } from '../base/text.ts';

export interface ProgressOptions {
  readonly stream: {
    write(text: string): unknown;
    readonly isTTY?: boolean | undefined;
    readonly columns?: number | undefined;
  };
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export interface ProgressReport {
  readonly sink: ProgressSink;
  /** Takes the live line away, so that the result or an error stands alone. */
  clear(): void;
}

/**
 * Progress on stderr: on a terminal one line that is written over, elsewhere a line a phase; each request too with `--verbose`; nothing with `--quiet`.
 * Retries are told always but with `--quiet`, because they explain a wait.
 */
export function createProgress({ stream, quiet, verbose }: ProgressOptions): ProgressReport {
  if (quiet) return { sink: () => {}, clear: () => {} };
  const live = stream.isTTY === true && !verbose;
  let shown = false;

  function clear(): void {
    if (shown) stream.write('\r\u001b[K');
    shown = false;
  }
  function show(text: string): void {
    clear();
    stream.write(cut(text, stream.columns ?? 80));
    shown = true;
  }
  function tell(text: string): void {
    clear();
    stream.write(`${text}\n`);
  }
  function sink(event: ProgressEvent): void {
    const text = oneLine(textOf(event));
    if (event.kind === 'retry') tell(text);
    else if (live) show(text);
    else if (verbose || event.kind === 'phase') tell(text);
  }
  return { sink, clear };
}

function textOf(event: ProgressEvent): string {
  switch (event.kind) {
    case 'phase':
      return event.text;
    case 'request':
      return `asking for ${event.what}: ${event.url}`;
    case 'retry':
      return `asking again for ${event.what} in ${event.seconds.toFixed(1)} s (attempt ${event.attempt}): ${event.why}`;
    case 'done':
      return `got ${event.what}`;
  }
}

function cut(text: string, columns: number): string {
  const room = Math.max(10, columns - 1);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}
