import { EXIT, UserError } from '../base/user-error.ts';
import type { HttpClient } from './http-client.ts';

/** The client of `--offline`: every request is a UserError `E_OFFLINE` (69) that names the record which the cache lacks. */
export function offlineClient(): HttpClient {
  return {
    async get(request) {
      throw new UserError('E_OFFLINE', `${request.what} is not in the cache`, {
        hint: 'run the command once without --offline',
        exit: EXIT.unavailable,
      });
    },
    async close() {},
  };
}
