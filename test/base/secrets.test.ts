import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caretBlock } from '../../src/base/caret.ts';
import { starSecrets } from '../../src/base/secrets.ts';

describe('starSecrets', () => {
  it.each([
    ['git+https://u:pw@host.test/r@v1', 'git+https://****@host.test/r@v1'],
    ['p @ https://token@host.test/p.zip', 'p @ https://*****@host.test/p.zip'],
    ['https://u:p@ss@host.test/', 'https://******@host.test/'],
    ['https://host.test/f?a=1&auth_token=abc&b=2', 'https://host.test/f?a=1&auth_token=***&b=2'],
    ['https://host.test:8080/@scope/x', 'https://host.test:8080/@scope/x'],
    ['someone@host.test', 'someone@host.test'],
  ])('%s is shown as %s', (text, shown) => {
    expect(starSecrets(text)).toBe(shown);
  });

  it('keeps the length of every text', () => {
    const urls = fc.string({
      unit: fc.constantFrom('://', '@', '?', '&', '=', 'token', 'a', '/', ' ', '#'),
      maxLength: 30,
    });
    fc.assert(fc.property(urls, (text) => starSecrets(text).length === text.length));
  });
});

describe('the line above a caret', () => {
  it('shows no credentials, not even where it is cut within them', () => {
    const password = 'pw'.repeat(40);
    const text = `it @@ https://u:${password}@host.test/it.zip`;
    for (let place = 0; place < text.length; place++) expect(caretBlock(text, place)).not.toContain('pw');
  });
});
