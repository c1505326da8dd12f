import { describe, expect, it } from 'vitest';
import { type ClassifyOptions, classify, type ReadRelease } from '../../src/classify/classify.ts';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { parseCoreMetadata } from '../../src/pep/core-metadata.ts';
import { formatMarker, type MarkerEnvironment } from '../../src/pep/marker.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import { sdistFacts } from './support/facts.ts';

const TARGETS = ['3.11', '3.13'].map(
  (python): MarkerEnvironment => ({
    python_version: python,
    python_full_version: `${python}.0`,
    sys_platform: 'linux',
    os_name: 'posix',
  }),
);

interface Stated {
  readonly requirements?: readonly string[];
  readonly metadata?: string;
  readonly requiresPython?: string;
}

/** Classifies a release of the project `it` with what a test is about filled in. */
function classified(stated: Stated, options: Partial<ClassifyOptions> = {}): PackageFacts {
  const metadata = stated.metadata ?? 'Metadata-Version: 2.4\nName: it\nVersion: 1.0\nLicense-Expression: MIT\n\n';
  const release: ReadRelease = {
    name: 'it',
    version: '1.0',
    source: {
      kind: 'sdist',
      filename: 'it-1.0.tar.gz',
      sha256: '0'.repeat(64),
      url: 'https://files.test/it-1.0.tar.gz',
    },
    facts: { kind: 'sdist', sdist: sdistFacts({ coreMetadata: parseCoreMetadata(metadata) }) },
    requirements: (stated.requirements ?? []).map(parseRequirement),
    requirementsFrom: { text: 'declared in PKG-INFO', file: 'PKG-INFO' },
    requiresPython: stated.requiresPython ?? null,
    notes: [],
  };
  return classify(release, { targets: TARGETS, ...options });
}

/** Run-time inputs under `run`, and those of each extra, as `name` or `name; marker`. */
function inputsOf(requirements: readonly string[], options: Partial<ClassifyOptions> = {}): Record<string, string[]> {
  const { inputs, optionalDependencies } = classified({ requirements }, options);
  return Object.fromEntries(
    Object.entries({ run: inputs.dependencies, ...optionalDependencies }).map(([list, members]) => [
      list,
      members.flatMap((input) =>
        input.kind === 'python'
          ? [input.marker === null ? input.name : `${input.name}; ${formatMarker(input.marker)}`]
          : [],
      ),
    ]),
  );
}

describe('requirements of extras', () => {
  it.each<[string, readonly string[], Record<string, readonly string[]>]>([
    ['one extra', ['six; extra == "a"'], { run: [], a: ['six'] }],
    ['an extra that is written first', ['six; "a" == extra'], { run: [], a: ['six'] }],
    ['either of two extras', ['six; extra == "a" or extra == "b"'], { run: [], a: ['six'], b: ['six'] }],
    [
      'either of two extras on some targets',
      ['six; python_version < "3.12" and (extra == "a" or extra == "b")'],
      { run: [], a: ['six; python_version < "3.12"'], b: ['six; python_version < "3.12"'] },
    ],
    ['any but one extra, and so needed', ['six; extra != "x"'], { run: ['six'], x: [] }],
    ['some extra, whichever', ['six; extra != ""', 'toml; extra == "a"'], { run: [], a: ['six', 'toml'] }],
    [
      'run time on some targets and an extra on all',
      ['six; python_version < "3.12" or extra == "a"'],
      { run: ['six; python_version < "3.12"'], a: ['six'] },
    ],
    // As Python has it, the empty text is in every text.
    ['extras in a text, and so needed', ['six; extra in "a,b"'], { run: ['six'], a: [], b: [] }],
    ['extras in a text, and not none', ['six; extra in "a,b" and extra != ""'], { run: [], a: ['six'], b: ['six'] }],
    ['an extra on no target', ['six; extra == "a" and sys_platform == "win32"'], { run: [], a: [] }],
  ])('that ask for %s are told apart by what holds', (_what, requirements, expected) => {
    expect(inputsOf(requirements)).toEqual(expected);
  });

  it('have the members of the extras that they include, under the condition of the inclusion', () => {
    expect(
      inputsOf([
        'it[a]; extra == "all"',
        'it[b]; extra == "all" and python_version < "3.12"',
        'it[all]; extra == "a"',
        'six; extra == "a"',
        'toml; extra == "b"',
      ]),
    ).toEqual({
      run: [],
      a: ['six', 'toml; python_version < "3.12"'],
      all: ['six', 'toml; python_version < "3.12"'],
      b: ['toml'],
    });
  });

  it('of the release itself are needed at run time when it requires its own extra', () => {
    expect(inputsOf(['it[b]', 'plain; extra == "b"'])).toEqual({ run: ['plain'], b: ['plain'] });
  });

  it('of the release itself keep the condition under which it requires its own extra', () => {
    expect(inputsOf(['it[b]; python_version < "3.12"', 'plain; extra == "b"'])).toEqual({
      run: ['plain; python_version < "3.12"'],
      b: ['plain'],
    });
  });

  it('for tests and development are there only when somebody asks for them', () => {
    const requirements = ['pytest; extra == "test"', 'ruff; extra == "dev"', 'six; extra == "a"'];
    expect(inputsOf(requirements)).toEqual({ run: [], a: ['six'] });
    expect(inputsOf(requirements, { askedExtras: ['test'] })).toEqual({ run: [], a: ['six'], test: ['pytest'] });
  });

  it('are told apart in time however many there are', () => {
    const many = Array.from({ length: 200 }, (_, index) => [
      `it[e${index + 1}]; extra == "e${index}"`,
      `p${index}; extra == "e${index}" or extra == "all"`,
    ]).flat();
    const { optionalDependencies } = classified({ requirements: many });
    expect([optionalDependencies.all?.length, optionalDependencies.e190?.length]).toEqual([200, 10]);
  });
});

describe('where inputs come from', () => {
  it('is told with the whole requirement', () => {
    const { inputs, optionalDependencies } = classified({
      requirements: ['Six>=1.4; python_version < "3.12"', 'toml<2; extra == "a"'],
    });
    expect(inputs.dependencies[0]?.origins).toEqual([
      {
        kind: 'requirement',
        text: 'declared in PKG-INFO',
        file: 'PKG-INFO',
        requirement: 'Six>=1.4; python_version < "3.12"',
      },
    ]);
    expect(optionalDependencies.a?.[0]?.origins[0]?.requirement).toBe('toml<2; extra == "a"');
  });

  it('is told without credentials for an address, which a note says is passed over', () => {
    const { inputs, notes } = classified({ requirements: ['six @ https://me:secret@files.test/six.zip'] });
    expect(inputs.dependencies).toMatchObject([{ name: 'six', specifier: '' }]);
    expect(inputs.dependencies[0]?.origins[0]?.requirement).not.toContain('secret');
    expect(notes).toEqual([
      {
        kind: 'warning',
        text: 'the address that six is required from is passed over: the project of that name stands for it',
        file: 'PKG-INFO',
        project: 'it',
      },
    ]);
  });
});

describe('requires-python', () => {
  it('disables what its lower bound excludes, without its upper bounds, and a note says so', () => {
    const { disabled, notes } = classified({ requiresPython: '>=3.12, <3.13' });
    expect(disabled).toEqual({ requiresPython: '>=3.12' });
    expect(notes).toEqual([
      {
        kind: 'omitted',
        text: 'is disabled on Python 3.11, which requires-python >=3.12, <3.13 excludes',
        project: 'it',
      },
    ]);
  });

  it.each(['<3.12', '>=3.8,<4', '~=3.8', ''])('%s disables nothing', (requiresPython) => {
    expect(classified({ requiresPython })).toMatchObject({ disabled: null, notes: [] });
  });

  it('counts the lower half of a compatible release, exclusions and exact versions', () => {
    expect(classified({ requiresPython: '~=3.12' }).disabled).toEqual({ requiresPython: '>=3.12' });
    expect(classified({ requiresPython: '>=3,!=3.11.*,<4' }).disabled).toEqual({ requiresPython: '!=3.11.*' });
    expect(classified({ requiresPython: '==3.13.*' }).disabled).toEqual({ requiresPython: '==3.13.*' });
  });
});

describe('metadata', () => {
  it.each(['Name: other\nVersion: 1.0', 'Name: it\nVersion: 2.0'])(
    'of another project or version than the archive is a warning: %j',
    (lines) => {
      const metadata = `Metadata-Version: 2.4\n${lines}\nLicense-Expression: MIT\n\n`;
      expect(classified({ metadata }).notes).toMatchObject([
        { kind: 'warning', text: expect.stringMatching(/^PKG-INFO of it-1\.0\.tar\.gz is that of /u) },
      ]);
    },
  );

  it('that spells name and version otherwise is no warning', () => {
    const metadata = 'Metadata-Version: 2.4\nName: IT\nVersion: 1.0.0\nLicense-Expression: MIT\n\n';
    expect(classified({ metadata: metadata.replace('1.0.0', 'v1.0') }).notes).toEqual([]);
  });

  it('with a licence expression that is not valid gives one note', () => {
    const metadata = 'Metadata-Version: 2.4\nName: it\nVersion: 1.0\nLicense-Expression: Beerware, more or less\n\n';
    expect(classified({ metadata }).notes).toEqual([
      {
        kind: 'unknown',
        text: 'the licence expression “Beerware, more or less” is not valid SPDX',
        project: 'it',
      },
    ]);
  });
});
