import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packageMarkers } from '../../src/lock/package-markers.ts';
import { type LockInput, pylockOf, type ReleaseFile } from '../../src/lock/pylock-of-resolution.ts';
import { evaluateMarker, formatMarker, type MarkerEnvironment } from '../../src/pep/marker.ts';
import { formatPylock, parsePylock, selectPackages } from '../../src/pep/pylock.ts';
import { parseRequirement, type Requirement } from '../../src/pep/requirement.ts';
import { parseVersion } from '../../src/pep/version.ts';
import type { Resolution } from '../../src/resolve/provider.ts';
import { COMMIT, DIGEST, faults, target } from './support/read.ts';

const TARGETS = [target('3.11'), target('3.13'), target('3.13', 'darwin')];

function resolution(packages: Readonly<Record<string, readonly string[]>>): Resolution {
  return {
    packages: new Map(
      Object.entries(packages).map(([label, requirements]) => {
        const [name = '', version = '1.0'] = label.split(' ');
        return [
          name,
          {
            name,
            version: parseVersion(version),
            extras: [],
            requirements: requirements.map(parseRequirement),
            yanked: null,
          },
        ];
      }),
    ),
    supplied: new Map(),
  };
}

function file(filename: string, further: Partial<ReleaseFile> = {}): ReleaseFile {
  const kind = filename.endsWith('.whl') ? 'wheel' : 'sdist';
  return {
    filename,
    kind,
    url: `https://files.test/${filename}`,
    sha256: DIGEST,
    size: 9,
    uploadTime: '2024-01-02T03:04:05.678901Z',
    ...further,
  };
}

function input(packages: Readonly<Record<string, readonly string[]>>, further: Partial<LockInput> = {}): LockInput {
  const found = resolution(packages);
  return {
    resolution: found,
    requested: [...found.packages.keys()].slice(0, 1).map(parseRequirement),
    targets: TARGETS,
    requiresPython: null,
    filesOf: new Map(
      [...found.packages.values()].map(({ name, version }) => [
        name,
        { index: 'https://index.test/simple', files: [file(`${name}-${version.text}.tar.gz`)], requiresPython: null },
      ]),
    ),
    addresses: new Map(),
    directory: '/project',
    builds: new Map(),
    checks: new Map(),
    tool: {},
    ...further,
  };
}

function markersOf(
  packages: Readonly<Record<string, readonly string[]>>,
  requested: readonly string[],
  declared?: Readonly<Record<string, readonly string[]>>,
) {
  const graph = { resolution: resolution(packages), requested: requested.map(parseRequirement), targets: TARGETS };
  const own = declared === undefined ? {} : { declared: parsed(declared) };
  return Object.fromEntries(
    [...packageMarkers({ ...graph, ...own })].map(([name, marker]) => [
      name,
      marker === null ? null : formatMarker(marker),
    ]),
  );
}

function parsed(
  requirements: Readonly<Record<string, readonly string[]>>,
): ReadonlyMap<string, readonly Requirement[]> {
  return new Map(Object.entries(requirements).map(([name, texts]) => [name, texts.map(parseRequirement)]));
}

describe('packageMarkers', () => {
  it('tells on which way a package is reached, joined over all ways', () => {
    const packages = {
      a: [
        'c; python_version < "3.12"',
        'd; sys_platform == "darwin"',
        'd; sys_platform == "linux"',
        'e; sys_platform == "linux"',
      ],
      b: ['c; sys_platform == "linux"', 'e; sys_platform == "linux"'],
      c: [],
      d: [],
      e: ['f; python_version >= "3.12"'],
      f: [],
    };
    expect(markersOf(packages, ['a', 'b; sys_platform == "darwin"'])).toEqual({
      a: null,
      b: 'sys_platform == "darwin"',
      c: 'python_version < "3.12"',
      d: null,
      e: 'sys_platform == "linux"',
      f: 'sys_platform == "linux" and python_version >= "3.12"',
    });
  });

  it('follows cycles, also those that only one way in leads to', () => {
    const packages = { a: ['b; sys_platform == "linux"'], b: ['c'], c: ['b', 'd; python_version >= "3.12"'], d: ['a'] };
    expect(markersOf(packages, ['a'])).toEqual({
      a: null,
      b: 'sys_platform == "linux"',
      c: 'sys_platform == "linux"',
      d: 'sys_platform == "linux" and python_version >= "3.12"',
    });
  });

  it('counts the requirements of an extra only where the extra is asked for', () => {
    const packages = { a: [], b: ['c'], c: [] };
    const declared = {
      a: ['b', 'b[fast]; sys_platform == "darwin"'],
      b: ['b[faster]; extra == "fast"', 'c; extra == "faster" and python_version >= "3.12"'],
    };
    expect(markersOf(packages, ['a'], declared)).toEqual({ a: null, b: null, c: 'sys_platform == "darwin"' });
  });

  it('agrees with following the requirements on each target', () => {
    const marker = fc.constantFrom(
      '',
      '; sys_platform == "linux"',
      '; python_version < "3.12"',
      '; sys_platform == "darwin" or python_version < "3.12"',
      '; extra == "x"',
      '; extra == "x" and sys_platform == "linux"',
    );
    const names = ['a', 'b', 'c', 'd', 'e'];
    const requirement = fc
      .tuple(fc.constantFrom(...names), fc.constantFrom('', '[x]'), marker)
      .map((parts) => parts.join(''));
    const graphs = fc.record(Object.fromEntries(names.map((name) => [name, fc.array(requirement, { maxLength: 3 })])));
    fc.assert(
      fc.property(graphs, (declared) => {
        const packages = Object.fromEntries(names.map((name) => [name, []]));
        const found = packageMarkers({
          resolution: resolution(packages),
          requested: [parseRequirement('a')],
          targets: TARGETS,
          declared: parsed(declared),
        });
        for (const environment of TARGETS) {
          const reached = reachedOn(environment, parsed(declared));
          // What no target reaches is not of a resolution, and has no condition.
          const used = [...found].filter(
            ([name, condition]) =>
              condition !== null || TARGETS.some((other) => reachedOn(other, parsed(declared)).has(name)),
          );
          for (const [name, condition] of used)
            expect([name, condition === null || evaluateMarker(condition, environment)]).toEqual([
              name,
              reached.has(name),
            ]);
        }
      }),
    );
  });
});

function reachedOn(
  environment: MarkerEnvironment,
  declared: ReadonlyMap<string, readonly Requirement[]>,
): ReadonlySet<string> {
  const nodes = new Set(['a ']);
  for (const node of nodes) {
    const [name = '', extra = ''] = node.split(' ');
    nodes.add(`${name} `);
    for (const requirement of declared.get(name) ?? []) {
      if (requirement.marker !== null && !evaluateMarker(requirement.marker, { ...environment, extra })) continue;
      nodes.add(`${requirement.name} `);
      for (const wanted of requirement.extras) nodes.add(`${requirement.name} ${wanted}`);
    }
  }
  return new Set([...nodes].map((node) => node.split(' ')[0] ?? ''));
}

describe('pylockOf', () => {
  it('makes a whole lock file', () => {
    const given = input(
      { 'alpha 1.0': ['beta; sys_platform == "linux"', 'supplied'], 'beta 2.0': [] },
      {
        requested: [parseRequirement('Alpha>=1')],
        requiresPython: '>=3.13',
        builds: new Map([
          ['tool-b', '2'],
          ['tool-a', '1'],
        ]),
        checks: new Map([['tester', '8.0']]),
      },
    );
    expect(formatPylock(pylockOf({ ...given, tool: { 'as-of': '2024-01-01' } }))).toBe(`lock-version = "1.0"
environments = [
    'python_version == "3.13" and sys_platform == "linux" and platform_machine == "x86_64" and implementation_name == "cpython"',
    'python_version == "3.13" and sys_platform == "darwin" and platform_machine == "arm64" and implementation_name == "cpython"',
]
requires-python = ">=3.13"
created-by = "pypi2nix"

[[packages]]
name = "alpha"
version = "1.0"
dependencies = [
    { name = "beta" },
]
index = "https://index.test/simple"
sdist = { url = "https://files.test/alpha-1.0.tar.gz", upload-time = 2024-01-02T03:04:05.678Z, size = 9, hashes = { sha256 = "${DIGEST}" } }

[[packages]]
name = "beta"
version = "2.0"
marker = 'sys_platform == "linux"'
dependencies = []
index = "https://index.test/simple"
sdist = { url = "https://files.test/beta-2.0.tar.gz", upload-time = 2024-01-02T03:04:05.678Z, size = 9, hashes = { sha256 = "${DIGEST}" } }

[tool.pypi2nix]
form = 1
requirements = ["Alpha>=1"]
as-of = "2024-01-01"

[[tool.pypi2nix.builds]]
name = "tool-a"
version = "1"

[[tool.pypi2nix.builds]]
name = "tool-b"
version = "2"

[[tool.pypi2nix.checks]]
name = "tester"
version = "8.0"
`);
  });

  function releaseOf(files: readonly ReleaseFile[], name = 'alpha', version = '1.0') {
    const lock = pylockOf(
      input(
        { [`${name} ${version}`]: [] },
        { filesOf: new Map([[name, { index: null, files, requiresPython: '>=3.8' }]]) },
      ),
    );
    const [found] = parsePylock(formatPylock(lock), 'pylock.toml').packages;
    return {
      sdist: found?.sdist?.name ?? null,
      archive: found?.archive?.url ?? null,
      wheels: found?.wheels.map((wheel) => wheel.name),
      tool: found?.tool ?? null,
    };
  }

  it.each([
    [['alpha-1.0.zip', 'alpha-1.0.tar.gz'], { sdist: 'alpha-1.0.tar.gz', left: ['alpha-1.0.zip'] }],
    [['alpha-1.0.tar.bz2'], { archive: 'https://files.test/alpha-1.0.tar.bz2' }],
    [
      ['alpha-1.0.tar.bz2', 'alpha-1.0-py3-none-any.whl'],
      { wheels: ['alpha-1.0-py3-none-any.whl'], left: ['alpha-1.0.tar.bz2'] },
    ],
    [
      ['alpha-1.0.tar.gz', 'alpha-2.0-py3-none-any.whl', 'alpha-1.0-1-py3-none-any.whl'],
      { sdist: 'alpha-1.0.tar.gz', wheels: ['alpha-1.0-1-py3-none-any.whl'], left: ['alpha-2.0-py3-none-any.whl'] },
    ],
  ])('holds of %j what the standard has a place for, and names the rest', (names, expected) => {
    const { left = null, ...places } = expected as { left?: readonly string[] };
    expect(releaseOf(names.map((name) => file(name)))).toEqual({
      sdist: null,
      archive: null,
      wheels: [],
      tool: left === null ? null : { pypi2nix: { 'left-out': left } },
      ...places,
    });
  });

  it('leaves out the credentials of addresses and files without digest', () => {
    const files = [
      file('alpha-1.0.tar.gz', { url: 'https://me:hush@files.test/alpha-1.0.tar.gz#sha256=x' }),
      file('alpha-1.0-py3-none-any.whl', { sha256: null }),
    ];
    const given = input(
      { 'alpha 1.0': [] },
      { filesOf: new Map([['alpha', { index: 'https://me:hush@index.test/simple', files, requiresPython: null }]]) },
    );
    const text = formatPylock(pylockOf(given));
    expect(text).not.toContain('hush');
    expect(text).toContain('tool = { pypi2nix = { left-out = ["alpha-1.0-py3-none-any.whl"] } }');
  });

  it('has sources by address without a version that only their files tell', () => {
    const given = input(
      { a: [], b: [], c: [] },
      {
        addresses: new Map([
          ['a', { kind: 'directory', path: '/project/a', editable: true, subdirectory: null }],
          [
            'b',
            { kind: 'git', url: 'https://code.test/b.git', revision: 'main', commit: COMMIT, subdirectory: 'python' },
          ],
          ['c', { kind: 'archive', url: 'https://files.test/c-1.0.zip', sha256: DIGEST, subdirectory: null }],
        ]),
      },
    );
    const blocks = formatPylock(pylockOf({ ...given, requested: ['a', 'b', 'c'].map(parseRequirement) }))
      .split('\n\n')
      .slice(1, 4);
    expect(blocks).toEqual([
      '[[packages]]\nname = "a"\ndependencies = []\ndirectory = { path = "a", editable = true }',
      `[[packages]]\nname = "b"\ndependencies = []\nvcs = { type = "git", url = "https://code.test/b.git", requested-revision = "main", commit-id = "${COMMIT}", subdirectory = "python" }`,
      `[[packages]]\nname = "c"\nversion = "1.0"\ndependencies = []\narchive = { url = "https://files.test/c-1.0.zip", hashes = { sha256 = "${DIGEST}" } }`,
    ]);
  });

  it('tells each package that it cannot hold', () => {
    const given = input(
      { a: [], b: [], c: [] },
      {
        filesOf: new Map([
          ['a', { index: null, files: [file('a-1.0.tar.gz', { sha256: null })], requiresPython: null }],
        ]),
        addresses: new Map([
          ['b', { kind: 'git', url: 'https://code.test/b.git', revision: 'main', commit: null, subdirectory: null }],
          ['c', { kind: 'archive', url: 'https://files.test/c-1.0.zip', sha256: null, subdirectory: null }],
        ]),
      },
    );
    expect(faults(() => pylockOf(given))).toEqual([
      'E_LOCK_NO_FILES a 1.0 has no file that a lock can hold: each needs a sha256, and a name that tells project and version',
      'E_LOCK_NO_COMMIT the commit of b is not known',
      'E_LOCK_NO_HASH the sha256 of c is not known',
    ]);
  });

  it('is selected from as the resolution says, on each target', () => {
    const lock = parsePylock(
      formatPylock(pylockOf(input({ a: ['b; sys_platform == "linux"'], b: ['c; python_version >= "3.12"'], c: [] }))),
      'pylock.toml',
    );
    expect(TARGETS.map((environment) => selectPackages(lock, { environment }).map(({ name }) => name))).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['a'],
    ]);
  });
});
