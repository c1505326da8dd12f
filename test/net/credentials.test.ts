import { describe, expect, it } from 'vitest';
import { credentialsFrom } from '../../src/net/credentials.ts';
import { NO_NETRC, parseNetrc } from '../../src/net/netrc.ts';

const URLS = [
  'https://anna:one@index.test/a/simple',
  'https://anna:two@index.test/b/simple',
  'https://per%40cent:p%2Fw@other.test:8443/',
  'https://bob@user.test/simple',
];
const NETRC = parseNetrc('machine user.test login bob password from-netrc\nmachine plain.test login carl password c');
const credentialsFor = credentialsFrom({ urls: URLS, netrc: NETRC });

describe('credentialsFrom', () => {
  it.each([
    ['the index itself', 'https://index.test/a/simple/toolz/', 'anna:one'],
    ['the nearest of two indexes of a host', 'https://index.test/b/packages/x.tar.gz', 'anna:two'],
    ['another path of the host', 'https://index.test/files/x.tar.gz', 'anna:one'],
    ['escapes, decoded', 'https://other.test:8443/x', 'per@cent:p/w'],
    ['a user whose password is in netrc', 'https://user.test/simple/', 'bob:from-netrc'],
    ['a host of netrc', 'https://plain.test/', 'carl:c'],
  ])('knows %s', (_, url, expected) => {
    const found = credentialsFor(new URL(url));

    expect(`${found?.username}:${found?.password}`).toBe(expected);
  });

  it.each([
    ['another host', 'https://evil.test/a/simple'],
    ['another port', 'https://index.test:444/a/simple'],
    ['the same host without encryption', 'http://index.test/a/simple'],
    ['a host that only ends alike', 'https://evil-index.test/'],
  ])('gives nothing to %s', (_, url) => {
    expect(credentialsFor(new URL(url))).toBeNull();
  });

  it('uses the default entry of netrc for hosts that have none', () => {
    const netrc = parseNetrc('default login guest password g');

    expect(credentialsFrom({ urls: [], netrc })(new URL('https://any.test/'))).toEqual({
      username: 'guest',
      password: 'g',
    });
    expect(credentialsFrom({ urls: [], netrc: NO_NETRC })(new URL('https://any.test/'))).toBeNull();
  });
});
