const CODES = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/** The signals that end the program, held back while files take their places. */
export interface Interruption {
  /** Whether one of them has come. */
  hasCome(): boolean;
  /** Gives the signals back to the program, and ends it where one has come. */
  release(): void;
}

/** Thrown by a commit that was taken back because a signal came. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Holds the signals back. Where a command has listeners of its own beside that of the program, they are left to it: it takes back more than a commit. */
export function holdInterrupts(): Interruption {
  let code: number | null = null;
  const listeners = CODES.filter(([signal]) => process.listenerCount(signal) <= 1).map(([signal, exit]) => {
    const listener = (): void => {
      code = exit;
    };
    process.on(signal, listener);
    return [signal, listener] as const;
  });
  return {
    hasCome: () => code !== null,
    release() {
      for (const [signal, listener] of listeners) process.off(signal, listener);
      if (code !== null) process.exit(code);
    },
  };
}
