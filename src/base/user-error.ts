/**
 * The exit codes of the program: 0 to 2 as usual for a command, the others by the names of BSD's sysexits(3).
 */
export const EXIT = {
  done: 0,
  /** The request cannot be met: unsatisfiable, a package is missing, a check failed. */
  unmet: 1,
  usage: 2,
  data: 65,
  unavailable: 69,
  /** A defect of this program. */
  defect: 70,
  cannotWrite: 73,
  io: 74,
  config: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface UserErrorOptions {
  /** What the user can do about it, one sentence. */
  readonly hint?: string;
  readonly exit?: ExitCode;
  readonly cause?: unknown;
  /** Packages whose builds ask for what cannot be met. */
  readonly askers?: readonly BuildAsker[];
  /** Packages that need each other, PEP 503 names, those first whose requirement is best given up. */
  readonly cycle?: readonly string[];
}

/** That the build of a package asks for a project, both PEP 503 names, in versions of a specifier set. */
export interface BuildAsker {
  readonly by: string;
  readonly name: string;
  readonly specifier: string;
}

/**
 * A fault that a user can cause or meet: bad input, a missing package, a broken download.
 * It is shown as one message without a stack trace; every other error is a defect of this program.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** Stable name for scripts, for example `E_NO_SUCH_PROJECT`. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly exit: ExitCode;
  readonly askers: readonly BuildAsker[];
  readonly cycle: readonly string[];

  constructor(code: string, message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.exit = options.exit ?? EXIT.unmet;
    this.askers = options.askers ?? [];
    this.cycle = options.cycle ?? [];
  }
}

/** Several independent faults of one request, reported together. The exit code is that of the first. */
export class UserErrors extends Error {
  override readonly name = 'UserErrors';
  readonly errors: readonly UserError[];

  constructor(errors: readonly UserError[]) {
    super(errors.map((error) => error.message).join('\n'));
    this.errors = errors;
  }
}

/** Throws nothing for no errors, the error itself for one, and all of them together for several. */
export function throwAll(errors: readonly UserError[]): void {
  const [first, ...rest] = errors;
  if (first === undefined) return;
  throw rest.length === 0 ? first : new UserErrors(errors);
}

/** The user errors inside a thrown value, or undefined when it is a defect. */
export function userErrorsOf(thrown: unknown): readonly UserError[] | undefined {
  if (thrown instanceof UserError) return [thrown];
  if (thrown instanceof UserErrors) return thrown.errors;
  return undefined;
}
