import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { networkFault } from '../../src/net/network-fault.ts';
import { TransientError } from '../../src/net/retry.ts';

const REQUEST = { url: 'https://anna:geheim@index.test/toolz/', what: 'the page of toolz' };

function fault(code: string, message = ''): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
}

function told(error: unknown): string {
  const result = networkFault(error, REQUEST);
  if (!(result instanceof UserError)) return 'a defect';
  return `${result instanceof TransientError ? 'again' : 'never'}: ${result.message}`;
}

describe('networkFault', () => {
  it.each([
    ['ECONNRESET', 'again', 'the connection was cut'],
    ['EAI_AGAIN', 'again', 'the name of the host cannot be looked up'],
    ['UND_ERR_CONNECT_TIMEOUT', 'again', 'no connection was made in time'],
    ['ENOTFOUND', 'never', 'there is no host of this name (ENOTFOUND)'],
    ['CERT_HAS_EXPIRED', 'never', 'its certificate has expired (CERT_HAS_EXPIRED)'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'never', 'its certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN)'],
  ])('%s: tried %s, told as "%s"', (code, when, why) => {
    expect(told(fault(code))).toBe(
      `${when}: the page of toolz could not be had from https://index.test/toolz/: ${why}`,
    );
  });

  it('other faults are told in the words of the library, redacted', () => {
    expect(told(fault('UND_ERR_ABORTED', 'no tunnel through http://u:geheim@proxy.test:1'))).toBe(
      'never: the page of toolz could not be had from https://index.test/toolz/: no tunnel through http://proxy.test:1/ (UND_ERR_ABORTED)',
    );
  });

  it('an untrusted certificate comes with what to do', () => {
    expect(networkFault(fault('DEPTH_ZERO_SELF_SIGNED_CERT'), REQUEST)).toMatchObject({
      hint: expect.stringContaining('SSL_CERT_FILE'),
    });
  });

  it('a host of which no address answers is one fault', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });

    expect(told(new TypeError('fetch failed', { cause: new AggregateError([refused, refused]) }))).toContain(
      'was refused',
    );
  });

  it.each([
    ['a programming error', new TypeError('x is not a function')],
    [
      'a request that was made wrong',
      new TypeError('bad header', { cause: Object.assign(new Error(), { code: 'ERR_INVALID_ARG' }) }),
    ],
  ])('%s is a defect', (_, error) => {
    expect(told(error)).toBe('a defect');
  });
});
