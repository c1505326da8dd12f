import { describe, expect, it } from 'vitest';
import { commandForHeader } from '../../src/cli/command-line.ts';
import { parseFormats } from '../../src/cli/formats.ts';
import { type GenerateOptions, parseArguments } from '../../src/cli/options.ts';
import { fetchFrom } from '../../src/cli/release/fetch-from.ts';
import { parseAsOf } from '../../src/cli/run/as-of.ts';
import { runTargets } from '../../src/cli/run/targets.ts';

function optionsOf(...args: string[]): GenerateOptions {
  const invocation = parseArguments(args, { version: '0.0', environment: {} });
  if (invocation.kind !== 'generate') throw new Error('a text was asked for');
  return invocation.options;
}

describe('the command in the header', () => {
  it.each<[string[], string]>([
    [['toolz', 'datashape'], 'pypi2nix toolz datashape'],
    [['generate', 'toolz'], 'pypi2nix toolz'],
    [['toolz==0.7.4', '--release', '16.03'], 'pypi2nix --release 16.03 toolz==0.7.4'],
    [['celery[redis]>=5', "it's"], `pypi2nix 'celery[redis]>=5' 'it'\\''s'`],
    [
      ['toolz', '--deps', 'all', '--bootstrap', '--no-checks', '--pre'],
      'pypi2nix --deps all --bootstrap --pre --no-checks toolz',
    ],
  ])('for %j is %s', (args, expected) => {
    expect(commandForHeader(optionsOf(...args))).toBe(expected);
  });

  it('holds no address, credential, cache or folder', () => {
    const options = optionsOf(
      'toolz',
      '--index-url',
      'https://me:secret@index.test/',
      '--find-links',
      '/home/me/w',
      '-o',
      '/home/me/out',
      '--overrides',
      '/home/me/o',
      '--archives',
      '/home/me/a',
      '-r',
      '/home/me/requirements.txt',
    );
    expect(commandForHeader(options)).toBe('pypi2nix -r requirements.txt toolz');
  });
});

describe('--as-of', () => {
  it('takes a bare date as the end of that day in UTC', () => {
    expect(parseAsOf('2024-02-29')).toBe(Date.parse('2024-02-29T23:59:59.999Z'));
  });

  it('takes an RFC 3339 time as it is', () => {
    expect(parseAsOf('2024-02-29T12:00:00+01:00')).toBe(Date.parse('2024-02-29T11:00:00Z'));
  });

  it.each(['2024-02-30', '2024-13-01', 'yesterday', '2024-1-1', '2024-01-01T12:00', ''])('refuses %j', (text) => {
    expect(() => parseAsOf(text)).toThrow('is no date or time');
  });
});

describe('--format', () => {
  it('holds in general and for single projects', () => {
    const { general, byProject } = parseFormats('any,LXML:wheel,numpy:sdist');
    expect([general, [...byProject]]).toEqual([
      'any',
      [
        ['lxml', 'wheel'],
        ['numpy', 'sdist'],
      ],
    ]);
  });

  it.each(['egg', 'a b:wheel', ':wheel', 'lxml:'])('refuses %j', (text) => {
    expect(() => parseFormats(text)).toThrow('--format');
  });
});

describe('targets', () => {
  it('are those of the release, and only its default interpreter binds', () => {
    const targets = runTargets('24.05', { pythons: null, platforms: null });
    expect([targets.binding, targets.pythons[0], targets.platforms]).toEqual([
      ['3.11'],
      '3.11',
      ['x86_64-linux', 'aarch64-linux', 'aarch64-darwin'],
    ]);
    expect(runTargets(null, { pythons: null, platforms: null }).binding).toEqual(['3.13']);
  });

  it('bind when they are given by hand', () => {
    const targets = runTargets('24.05', { pythons: ['3.12', '3.11'], platforms: ['x86_64-linux'] });
    expect([targets.binding, targets.environments.length]).toEqual([['3.12', '3.11'], 2]);
  });
});

describe('where an expression fetches a file from', () => {
  const file = {
    kind: 'sdist',
    filename: 'it-1.0.tar.gz',
    version: '1.0',
    sha256: null,
    requiresPython: null,
    size: null,
    uploadTime: null,
    yanked: null,
    coreMetadata: false,
  } as const;
  const content = `packages/ab/cd/${'e'.repeat(60)}/it-1.0.tar.gz`;

  it.each([
    ['https://files.test/x/it-1.0.tar.gz', true, 'pypi'],
    ['https://files.test/x/it-1.0.tar.gz', false, 'url'],
    [`https://mirror.test/pypi/${content}`, false, 'pypi'],
    [`https://mirror.test/${content}?token=x`, false, 'pypi'],
    ['file:///srv/wheels/it-1.0.tar.gz', false, 'pypi'],
    ['', false, 'pypi'],
  ])('%s, on the public index: %s', (url, isPublic, expected) => {
    expect(fetchFrom({ ...file, url }, isPublic)).toBe(expected);
  });
});
