/** How a run is told that it has to end. */
export interface Interrupt {
  /** The exit code that shells give the signal that came; null: none has. */
  code(): number | null;
  /** Gives the signals back to the program. */
  release(): void;
}

/** Thrown where work stops because a signal came. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const CODES = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/** Takes the signals that end the program, and calls `end` in place of it, so that what was begun can be taken back first. Each counts once: a second one ends the program as ever. */
export function catchInterrupts(end: () => void): Interrupt {
  let code: number | null = null;
  const listeners = CODES.map(([name, exit]) => {
    const listener = (): void => {
      code = exit;
      end();
    };
    process.once(name, listener);
    return [name, listener] as const;
  });
  return {
    code: () => code,
    release() {
      for (const [name, listener] of listeners) process.off(name, listener);
    },
  };
}
