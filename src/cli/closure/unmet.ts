import { userErrorsOf } from '../../base/user-error.ts';

/** Whether all that was thrown says that a request cannot be met by what the indexes have. An index that fails is no such thing. */
export function cannotBeMet(thrown: unknown, codes: ReadonlySet<string> = UNMET): boolean {
  const errors = userErrorsOf(thrown) ?? [];
  return errors.length > 0 && errors.every(({ code }) => codes.has(code));
}

/** Where other bounds could help. */
const UNMET: ReadonlySet<string> = new Set(['E_UNSATISFIABLE', 'E_NO_MATCHING_VERSION']);
