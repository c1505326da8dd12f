import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactText, redactUrl } from '../../src/net/redact.ts';

describe('redactUrl', () => {
  it.each([
    ['https://index.test/simple/', 'https://index.test/simple/'],
    ['https://anna:geheim@index.test/simple/', 'https://index.test/simple/'],
    ['https://token@index.test/simple/', 'https://index.test/simple/'],
    ['https://files.test/a.tar.gz?X-Amz-Signature=abc&x=1', 'https://files.test/a.tar.gz?X-Amz-Signature=***&x=1'],
    ['https://files.test/?private_token=1&private_token=2', 'https://files.test/?private_token=***'],
    ['https://files.test/?api_key=1', 'https://files.test/?api_key=***'],
    ['https://files.test/?AUTH=1', 'https://files.test/?AUTH=***'],
    ['http://anna:geheim@bad host/simple', 'http://bad host/simple'],
    ['anna:geheim@index', 'anna:geheim@index'],
  ])('%s is shown as %s', (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
  });

  it('no user and no password is ever shown', () => {
    const secret = fc.stringMatching(/^[a-z0-9%!$&'()*+,;=]{1,20}$/).map((text) => `S3CRET${text}`);

    fc.assert(
      fc.property(
        secret,
        secret,
        fc.constantFrom('index.test', 'index.test:80', '[::1]', 'no host'),
        (user, word, host) => {
          expect(redactUrl(`https://${user}:${word}@${host}/simple/`)).not.toContain('S3CRET');
        },
      ),
    );
  });

  it('takes control characters out', () => {
    expect(redactUrl('http://in dex/\u001b[2J')).toBe('http://in dex/[2J');
  });
});

describe('redactText', () => {
  it('redacts every address in a message', () => {
    expect(redactText("no way through 'http://u:p@proxy.test:3128'\nto https://a:b@index.test/?token=1.")).toBe(
      "no way through 'http://proxy.test:3128/' to https://index.test/?token=***",
    );
  });
});
