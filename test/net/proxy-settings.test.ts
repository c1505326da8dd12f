import { describe, expect, it } from 'vitest';
import { proxySettings } from '../../src/net/proxy-settings.ts';

describe('proxySettings', () => {
  it.each([
    [{}, null],
    [{ HTTP_PROXY: '', NO_PROXY: 'a.test' }, null],
    [{ HTTP_PROXY: 'http://p.test:1' }, { httpProxy: 'http://p.test:1', httpsProxy: '', noProxy: '' }],
    [
      { https_proxy: 'http://low.test:1', HTTPS_PROXY: 'http://up.test:1', no_proxy: '.test' },
      { httpProxy: '', httpsProxy: 'http://low.test:1', noProxy: '.test' },
    ],
    [{ HTTPS_PROXY: 'p.test:3128' }, { httpProxy: '', httpsProxy: 'http://p.test:3128', noProxy: '' }],
    [{ ALL_PROXY: 'http://p.test:1' }, { httpProxy: 'http://p.test:1', httpsProxy: 'http://p.test:1', noProxy: '' }],
    [{ https_proxy: '', HTTPS_PROXY: 'http://up.test:1' }, null],
  ])('%j gives %j', (environment: Record<string, string>, expected) => {
    expect(proxySettings(environment)).toEqual(expected);
  });

  it('an address that is none is refused without its password', () => {
    expect(() => proxySettings({ HTTPS_PROXY: 'ftp://u:geheim@p.test/' })).toThrow(
      'HTTPS_PROXY names ftp://p.test/, which is not the address of an http, https or socks5 proxy',
    );
  });
});
