import { EXIT, UserError } from '../base/user-error.ts';
import { redactText, redactUrl } from './redact.ts';
import { TransientError, UNAVAILABLE_HINT } from './retry.ts';

/** Faults that may have passed a moment later, by the codes of Node and undici. */
const TRANSIENT: ReadonlyMap<string, string> = new Map([
  ['ECONNRESET', 'the connection was cut'],
  ['EPIPE', 'the connection was cut'],
  ['UND_ERR_SOCKET', 'the connection was cut'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'the connection was cut'],
  ['Z_BUF_ERROR', 'the connection was cut'],
  ['ECONNREFUSED', 'the connection was refused'],
  ['ETIMEDOUT', 'no connection was made in time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no connection was made in time'],
  ['UND_ERR_HEADERS_TIMEOUT', 'no answer came in time'],
  ['UND_ERR_BODY_TIMEOUT', 'nothing came any more'],
  ['EAI_AGAIN', 'the name of the host cannot be looked up'],
  ['ENETUNREACH', 'the network cannot be reached'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
]);

const LASTING: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'there is no host of this name'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is not trusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its certificate is not trusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not trusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host'],
]);

const CERTIFICATE_HINT =
  'Where a company or a proxy has its own certificate authority, name its file in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS.';

/**
 * What `fetch` or the reading of a body threw, as an error to show: a `TransientError` where another try may help, else UserError
 * `E_INDEX_UNAVAILABLE`. What is no fault of the network is a defect and is given back as it is.
 */
export function networkFault(error: unknown, request: { readonly url: string; readonly what: string }): unknown {
  if (error instanceof UserError) return error;
  const chain = chainOf(error);
  const code = chain.map(codeOf).find((found) => found !== null) ?? null;
  // Undici tells some cuts by these words alone.
  const isFetchError = chain.some(
    (link) => link instanceof TypeError && /^(?:fetch failed|terminated)$/.test(link.message),
  );
  if (code === null && !isFetchError) return error;

  const place = `${request.what} could not be had from ${redactUrl(request.url)}`;
  const transient = code === null ? 'the connection was cut' : TRANSIENT.get(code);
  if (transient !== undefined) return new TransientError(`${place}: ${transient}`, null, error);
  const why = LASTING.get(code ?? '') ?? redactText(chain.at(-1)?.message ?? '');
  return new UserError('E_INDEX_UNAVAILABLE', `${place}: ${why} (${code})`, {
    hint: /CERT|TLS|SSL/.test(code ?? '') ? CERTIFICATE_HINT : UNAVAILABLE_HINT,
    exit: EXIT.unavailable,
    cause: error,
  });
}

/** The error and what caused it. Of several errors at once (a host with several addresses) the first speaks for all. */
function chainOf(error: unknown): Error[] {
  const chain: Error[] = [];
  let link: unknown = error;
  while (link instanceof Error && chain.length < 10) {
    chain.push(link);
    link = link.cause ?? (link instanceof AggregateError ? link.errors[0] : undefined);
  }
  return chain;
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_INVALID') ? error.code : null;
}
