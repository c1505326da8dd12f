import { describe, expect, it } from 'vitest';
import { userErrorsOf } from '../../src/base/user-error.ts';
import { credentialUrls, type IndexSource } from '../../src/index/index-source.ts';
import { type IndexSettings, indexSettings } from '../../src/index/settings.ts';
import { credentialsFrom } from '../../src/net/credentials.ts';
import { NO_NETRC } from '../../src/net/netrc.ts';

interface Given {
  options?: Partial<IndexSettings['options']>;
  environment?: IndexSettings['environment'];
  pipConf?: IndexSettings['pipConf'];
}

function sourcesOf(given: Given): readonly IndexSource[] {
  return indexSettings({
    options: { extraIndexUrls: [], findLinks: [], ...given.options },
    environment: given.environment ?? {},
    pipConf: given.pipConf ?? [],
    defaultIndex: 'https://public.test/simple/',
    workingDirectory: '/here',
    home: '/home/me',
  });
}

/** Each source as `where it was set: its name`. */
function summary(given: Given): string[] {
  return sourcesOf(given).map((source) => `${source.setBy}: ${source.name}`);
}

function failure(given: Given) {
  try {
    sourcesOf(given);
  } catch (error) {
    return (userErrorsOf(error) ?? []).map(({ code, message, exit }) => ({ code, message, exit }));
  }
  return [];
}

const user = {
  path: '/home/me/pip.conf',
  text: '[global]\nindex-url = https://user.test/simple\nextra-index-url =\n  https://x.test/s\n  https://y.test/s',
};

describe('indexSettings', () => {
  it('asks the public index when nothing is set, under a key that does not name its address', () => {
    expect(sourcesOf({})).toEqual([
      {
        kind: 'simple',
        id: 'pypi',
        name: 'PyPI',
        url: 'https://public.test/simple/',
        credentials: null,
        setBy: 'the default',
      },
    ]);
  });

  it('knows the public index when it is named by its address', () => {
    expect(sourcesOf({ options: { indexUrl: 'https://public.test/simple' } })[0]).toMatchObject({
      id: 'pypi',
      name: 'PyPI',
    });
  });

  it.each<[string, Given, string[]]>([
    [
      'find-links first, then the index, then extra indexes',
      {
        options: {
          indexUrl: 'https://a.test/simple',
          extraIndexUrls: ['https://b.test/simple/'],
          findLinks: ['wheels'],
        },
      },
      [
        '--find-links: /here/wheels',
        '--index-url: https://a.test/simple/',
        '--extra-index-url: https://b.test/simple/',
      ],
    ],
    [
      'the command line before the environment before pip.conf',
      { options: { indexUrl: 'https://a.test/' }, environment: { PIP_INDEX_URL: 'https://e.test/' }, pipConf: [user] },
      [
        '--index-url: https://a.test/',
        '/home/me/pip.conf:4: https://x.test/s/',
        '/home/me/pip.conf:5: https://y.test/s/',
      ],
    ],
    [
      'the environment before pip.conf, key by key',
      {
        environment: { PIP_INDEX_URL: 'https://e.test/', PIP_EXTRA_INDEX_URL: ' https://f.test/\n https://g.test/ ' },
        pipConf: [user],
      },
      [
        'PIP_INDEX_URL: https://e.test/',
        'PIP_EXTRA_INDEX_URL: https://f.test/',
        'PIP_EXTRA_INDEX_URL: https://g.test/',
      ],
    ],
    [
      'pip.conf, of which the last file is the strongest',
      {
        pipConf: [{ path: '/etc/pip.conf', text: '[global]\nindex-url = https://g.test/\nfind-links = /srv/w' }, user],
      },
      [
        '/etc/pip.conf:3: /srv/w',
        '/home/me/pip.conf:2: https://user.test/simple/',
        '/home/me/pip.conf:4: https://x.test/s/',
        '/home/me/pip.conf:5: https://y.test/s/',
      ],
    ],
    [
      '[install] of any file before [global]',
      {
        pipConf: [
          { path: '/etc/pip.conf', text: '[install]\nindex-url = https://i.test/' },
          { path: '/u', text: '[global]\nindex-url = https://u.test/' },
        ],
      },
      ['/etc/pip.conf:2: https://i.test/'],
    ],
    [
      'lists of the command line before configured ones',
      {
        options: { extraIndexUrls: ['https://b.test/'] },
        environment: { PIP_EXTRA_INDEX_URL: 'https://c.test/', PIP_INDEX_URL: 'https://a.test/' },
      },
      ['PIP_INDEX_URL: https://a.test/', '--extra-index-url: https://b.test/', 'PIP_EXTRA_INDEX_URL: https://c.test/'],
    ],
    [
      'nothing of variables and keys that are empty',
      {
        environment: { PIP_INDEX_URL: ' ', PIP_NO_INDEX: '' },
        pipConf: [{ path: '/c', text: '[global]\nindex-url =' }],
      },
      ['the default: PyPI'],
    ],
    [
      'an address twice once',
      { options: { extraIndexUrls: ['https://public.test/simple', 'https://a.test'] } },
      ['the default: PyPI', '--extra-index-url: https://a.test/'],
    ],
    [
      'no index with --no-index',
      { options: { noIndex: true, findLinks: ['/w'], extraIndexUrls: ['https://a.test'] } },
      ['--find-links: /w'],
    ],
    [
      'no index with PIP_NO_INDEX',
      { options: { findLinks: ['/w'] }, environment: { PIP_NO_INDEX: 'yes' } },
      ['--find-links: /w'],
    ],
    ['an index with PIP_NO_INDEX=0', { environment: { PIP_NO_INDEX: '0' } }, ['the default: PyPI']],
    [
      'find-links as path, beneath the home folder, as file URL and as page',
      { options: { findLinks: ['./w', '~/w', 'file:///srv/my%20w', 'https://w.test/list.html?t=1'] } },
      [
        '--find-links: /here/w',
        '--find-links: /home/me/w',
        '--find-links: /srv/my w',
        '--find-links: https://w.test/list.html',
        'the default: PyPI',
      ],
    ],
  ])('takes %s', (_, given, expected) => {
    expect(summary(given)).toEqual(expected);
  });

  it('lets a folder be missing that was not named for this run', () => {
    const sources = sourcesOf({ options: { findLinks: ['/a'] }, environment: { PIP_FIND_LINKS: '/b' } });

    expect(sources.map((source) => source.kind === 'folder' && [source.path, source.isOptional])).toEqual([
      ['/a', false],
      ['/b', true],
      false,
    ]);
  });

  it('takes credentials out of addresses', () => {
    const [source] = sourcesOf({ options: { indexUrl: 'https://me:p%40ss@a.test/simple#x' } });

    expect(source).toEqual({
      kind: 'simple',
      id: 'https://a.test/simple/',
      name: 'https://a.test/simple/',
      url: 'https://a.test/simple/',
      credentials: { username: 'me', password: 'p@ss' },
      setBy: '--index-url',
    });
  });

  it.each<[string, Given, string]>([
    ['no scheme', { options: { indexUrl: 'a.test/simple' } }, '"a.test/simple" of --index-url is no http or https URL'],
    [
      'another scheme',
      { environment: { PIP_INDEX_URL: 'ftp://me:secret@a.test/x?token=secret' } },
      '"ftp://***@a.test/x" of PIP_INDEX_URL is no http or https URL',
    ],
    [
      'a password without a scheme',
      { options: { indexUrl: 'me:secret@a.test/simple' } },
      '"***@a.test/simple" of --index-url is no http or https URL',
    ],
    [
      'a malformed port',
      { options: { extraIndexUrls: ['https://me:secret@a.test:x/'] } },
      '"https://***@a.test:x/" of --extra-index-url is no http or https URL',
    ],
    [
      'a malformed entry of pip.conf',
      { pipConf: [{ path: '/c', text: '[global]\nextra-index-url =\n https://a.test\n nonsense' }] },
      '"nonsense" of /c:4 is no http or https URL',
    ],
    [
      'a file URL of another machine',
      { options: { findLinks: ['file://host/x'] } },
      '"file://host/x" of --find-links is no file URL of this machine',
    ],
    [
      'find-links with another scheme',
      { options: { findLinks: ['ssh://a.test/x'] } },
      '"ssh://a.test/x" of --find-links is neither a folder nor an http, https or file URL',
    ],
  ])('refuses an address with %s, says where it was set and keeps secrets', (_, given, message) => {
    expect(failure(given)).toEqual([{ code: 'E_BAD_INDEX_URL', message, exit: 78 }]);
  });

  it('reports all wrong addresses together', () => {
    expect(failure({ options: { indexUrl: 'a', extraIndexUrls: ['b'] } }).map(({ message }) => message)).toEqual([
      '"a" of --index-url is no http or https URL',
      '"b" of --extra-index-url is no http or https URL',
    ]);
  });

  it('says when nothing is left to ask', () => {
    expect(failure({ environment: { PIP_NO_INDEX: '1' } })).toEqual([
      { code: 'E_NO_INDEX', message: 'PIP_NO_INDEX leaves no place to look for projects', exit: 78 },
    ]);
  });
});

describe('credentialUrls', () => {
  it('gives the addresses that requests are signed for, as the HTTP client takes them', () => {
    const sources = sourcesOf({
      options: {
        indexUrl: 'https://open.test/simple',
        extraIndexUrls: ['https://me:p%40:%2Fss@a.test/simple', 'https://token@b.test/'],
        findLinks: ['/w', 'https://you:x@c.test/list.html'],
      },
    });
    const credentialsFor = credentialsFrom({
      urls: credentialUrls(sources),
      netrc: NO_NETRC,
    });

    const found = [
      'https://open.test/simple/x/',
      'https://a.test/simple/x/',
      'https://b.test/x',
      'https://c.test/list.html',
    ].map((url) => credentialsFor(new URL(url)));

    expect(found).toEqual([
      null,
      { username: 'me', password: 'p@:/ss' },
      { username: 'token', password: '' },
      { username: 'you', password: 'x' },
    ]);
  });
});
