import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { userErrorsOf } from '../../src/base/user-error.ts';
import { parseMarker } from '../../src/pep/marker.ts';
import {
  formatPylock,
  isPylockName,
  type Pylock,
  parsePylock,
  readPylock,
  selectPackages,
} from '../../src/pep/pylock.ts';

const DIGEST = 'a'.repeat(64);

const WHOLE = `lock-version = "1.0"
environments = ['sys_platform == "linux"', 'sys_platform == "darwin"']
requires-python = ">=3.11"
extras = ["docs"]
dependency-groups = ["dev"]
default-groups = ["default"]
created-by = "made-up"

[[packages]]
name = "alpha"
version = "1.0"
marker = '"dev" in dependency_groups'
requires-python = ">=3.8"
dependencies = [
    { name = "beta" },
    { name = "gamma", vcs = { url = "https://code.test/gamma.git" } },
]
index = "https://index.test/simple"
sdist = { url = "https://files.test/alpha-1.0.tar.gz", upload-time = 2024-05-06T07:08:09Z, size = 120, hashes = { sha256 = "${DIGEST}" } }
wheels = [
    { name = "alpha-1.0-py3-none-any.whl", url = "https://files.test/download?id=7", hashes = { sha256 = "${DIGEST}" } },
]
attestation-identities = [
    { kind = "Forge", repository = "made/up" },
]
tool = { made-up = { stars = 3 } }

[[packages]]
name = "beta"
directory = { path = "../beta", editable = true, subdirectory = "src" }

[[packages]]
name = "delta"
version = "2.0"
archive = { path = "delta.zip", hashes = { sha512 = "00ff" }, subdirectory = "python" }

[[packages]]
name = "gamma"
vcs = { type = "git", url = "https://code.test/gamma.git", requested-revision = "main", commit-id = "${'0'.repeat(40)}" }

[tool.made-up]
list = [
    "a",
    "b",
]

[tool.made-up.inner]
when = 2024-01-01T00:00:00.000Z

[[tool.made-up.rows]]
name = "x"
`;

const HEAD = 'lock-version = "1.0"\ncreated-by = "made-up"\n';
const ALPHA = `[[packages]]\nname = "alpha"\nversion = "1.0"\n`;
const WHEEL = `{ url = "https://files.test/alpha-1.0-py3-none-any.whl", hashes = { sha256 = "${DIGEST}" } }`;

function faultsOf(text: string): readonly string[] {
  try {
    parsePylock(text, 'pylock.toml');
    return [];
  } catch (error) {
    const faults = userErrorsOf(error);
    if (faults === undefined) throw error;
    expect(new Set(faults.map(({ code, exit }) => `${code} ${exit}`))).toEqual(new Set(['E_BAD_LOCK 65']));
    return faults.map(({ message }) => message.replace(/\n.*$/su, ''));
  }
}

describe('parsePylock and formatPylock', () => {
  it('write a lock with every key of the standard as it was read', () => {
    expect(formatPylock(parsePylock(WHOLE, 'pylock.toml'))).toBe(WHOLE);
  });

  it('take the name of a file from its path or URL where it is not told', () => {
    const text = `${HEAD}${ALPHA}wheels = [{ url = "https://files.test/alpha-1.0%2Blocal-py3-none-any.whl#sha256=x", hashes = { sha256 = "${DIGEST}" } }]`;
    const lock = parsePylock(text.replace('"1.0"\nwheels', '"1.0+local"\nwheels'), 'pylock.toml');
    expect(lock.packages[0]?.wheels[0]?.name).toBe('alpha-1.0+local-py3-none-any.whl');
  });

  it('keep an absent list of extras apart from an empty one, which says that there are none', () => {
    const absent = parsePylock(`${HEAD}packages = []\n`, 'pylock.toml');
    const empty = parsePylock(`${HEAD}extras = []\npackages = []\n`, 'pylock.toml');
    expect([absent.extras, empty.extras]).toEqual([null, []]);
    expect([absent, empty].map((lock) => parsePylock(formatPylock(lock), 'pylock.toml').extras)).toEqual([null, []]);
  });

  it('take a time without offset for one in UTC', () => {
    const text = `${HEAD}${ALPHA}wheels = [${WHEEL.replace('hashes', 'upload-time = 2024-05-06T07:08:09.123456, hashes')}]`;
    expect(parsePylock(text, 'pylock.toml').packages[0]?.wheels[0]?.uploadTime).toBe('2024-05-06T07:08:09.123Z');
  });

  it('write nothing that a terminal obeys', () => {
    const lock: Pylock = {
      ...parsePylock(`${HEAD}packages = []\n`, 'x'),
      createdBy: '\u001b[31m\u202e\u0000\u007f "\\',
    };
    expect(formatPylock(lock).split('\n')[1]).toBe('created-by = "\\u001B[31m\\u202E\\u0000\\u007F \\"\\\\"');
  });

  it('read what they write', () => {
    fc.assert(
      fc.property(locks(), (lock) => {
        expect(parsePylock(formatPylock(lock), 'pylock.toml')).toEqual(lock);
      }),
      { numRuns: 300 },
    );
  });
});

describe('faults of a lock file', () => {
  it.each([
    [
      'lock-version = 1',
      [
        'pylock.toml:1:1: packages is missing',
        'pylock.toml:1:1: created-by is missing',
        'pylock.toml:1:1: lock-version must be a text',
      ],
    ],
    ['lock-version = "2.0"\nanything = 1', ['pylock.toml:1:1: lock-version is 2.0, and only 1.0 is known']],
    ['lock-version = "1!1.0"', ['pylock.toml:1:1: lock-version is 1!1.0, and only 1.0 is known']],
    ['lock-version = ', ['pylock.toml:1:16: this is no TOML: the line ends too early']],
    [`${HEAD}packages = 3`, ['pylock.toml:3:1: packages must be a list']],
    [`${HEAD}packages = [1]`, ['pylock.toml:3:13: packages[0] must be a table']],
    [
      `${HEAD}environments = ["nonsense"]\npackages = []`,
      ['pylock.toml:3:17: environments[0] is not a marker: there is no variable nonsense'],
    ],
    [
      `${HEAD}requires-python = ">>3"\npackages = []`,
      ['pylock.toml:3:1: requires-python is not a version specifier: there is no operator >>'],
    ],
    [`${HEAD}extras = ["Docs"]\npackages = []`, ['pylock.toml:3:11: extras[0] must be in normal form: docs']],
    [
      `${HEAD}[[packages]]\nname = "Alpha_B"\nwheels = []`,
      ['pylock.toml:4:1: packages[0].name must be in normal form: alpha-b'],
    ],
    [
      `${HEAD}[[packages]]\nname = "../x"\nwheels = []`,
      ['pylock.toml:4:1: packages[0].name is no name of a project or extra'],
    ],
    [
      `${HEAD}${ALPHA}`,
      ['pylock.toml:3:1: packages[0] has no source: one of vcs, directory, archive, sdist and wheels'],
    ],
    [
      `${HEAD}${ALPHA}directory = { path = "x" }\nwheels = [${WHEEL}]`,
      ['pylock.toml:7:1: packages[0].wheels excludes directory'],
    ],
    [
      `${HEAD}${ALPHA}directory = { path = "x" }\nvcs = { type = "git", url = "u", commit-id = "c" }`,
      ['pylock.toml:6:1: packages[0].directory excludes vcs'],
    ],
    [
      `${HEAD}${ALPHA}vcs = { type = "git", commit-id = "c" }`,
      ['pylock.toml:6:1: packages[0].vcs has neither url nor path'],
    ],
    [
      `${HEAD}${ALPHA}wheels = [{ url = "https://files.test/alpha-1.0-py3-none-any.whl" }]`,
      ['pylock.toml:6:11: packages[0].wheels[0].hashes is missing'],
    ],
    [
      `${HEAD}${ALPHA}wheels = [{ url = "https://files.test/alpha-1.0-py3-none-any.whl", hashes = {} }]`,
      ['pylock.toml:6:68: packages[0].wheels[0].hashes must have at least one digest'],
    ],
    [
      `${HEAD}${ALPHA}wheels = [{ url = "https://files.test/alpha-1.0-py3-none-any.whl", hashes = { sha256 = "abc" } }]`,
      ['pylock.toml:6:79: packages[0].wheels[0].hashes.sha256 is no sha256 in hex'],
    ],
    [
      `${HEAD}${ALPHA}wheels = [{ hashes = { sha256 = "${DIGEST}" } }]`,
      ['pylock.toml:6:11: packages[0].wheels[0] has neither url nor path'],
    ],
    [
      `${HEAD}${ALPHA}wheels = [${WHEEL.replace('alpha-1.0', 'beta-1.0')}]`,
      ['pylock.toml:6:11: packages[0].wheels[0] is called "beta-1.0-py3-none-any.whl", which is no wheel of alpha'],
    ],
    [
      `${HEAD}${ALPHA}wheels = [${WHEEL.replace('alpha-1.0', 'alpha-2.0')}]`,
      [
        'pylock.toml:6:11: packages[0].wheels[0] is called "alpha-2.0-py3-none-any.whl", which is another version than 1.0',
      ],
    ],
    [
      `${HEAD}${ALPHA}wheels = [${WHEEL.replace('hashes', 'size = -1, hashes')}]`,
      ['pylock.toml:6:68: packages[0].wheels[0].size must not be negative'],
    ],
    [
      `${HEAD}${ALPHA}wheels = [${WHEEL.replace('hashes', 'size = 9223372036854775807, hashes')}]`,
      ['pylock.toml:6:75: Integer 9223372036854775807 cannot be represented losslessly as a JavaScript number'],
    ],
    [
      `${HEAD}${ALPHA}wheels = [${WHEEL.replace('hashes', 'upload-time = 2024-01-01, hashes')}]`,
      ['pylock.toml:6:68: packages[0].wheels[0].upload-time must be a date and time'],
    ],
    [
      `${HEAD}${ALPHA}sdist = ${WHEEL.replace('alpha-1.0-py3-none-any.whl', 'alpha.exe')}`,
      ['pylock.toml:6:1: packages[0].sdist is called "alpha.exe", which is no sdist of alpha'],
    ],
  ])('are told with their places: %j', (text, expected) => {
    expect([...faultsOf(text)].sort()).toEqual([...expected].sort());
  });

  it('are all told, in the order of the file', () => {
    const text = `${HEAD}requires-python = 3\n[[packages]]\nname = 1\n[[packages]]\nname = "b"\nversion = "x"\nwheels = "no"\n`;
    expect(faultsOf(text)).toEqual([
      'pylock.toml:3:1: requires-python must be a text',
      'pylock.toml:5:1: packages[0].name must be a text',
      'pylock.toml:8:1: packages[1].version is not a version: expected a number',
      'pylock.toml:9:1: packages[1].wheels must be a list of tables',
    ]);
  });

  it('do not pollute prototypes and do not hide behind their names', () => {
    const text = `${HEAD}${ALPHA}wheels = [${WHEEL.replace('sha256', '"__proto__" = "00", constructor = "zz", sha256')}]\n[tool]\n"__proto__".polluted = 1\n`;
    expect(faultsOf(text)).toEqual(['pylock.toml:6:99: packages[0].wheels[0].hashes.constructor is no digest in hex']);
    const lock = parsePylock(text.replace('"zz"', '"11"'), 'pylock.toml');
    expect(Object.keys(lock.packages[0]?.wheels[0]?.hashes ?? {})).toEqual(['__proto__', 'constructor', 'sha256']);
    expect(Object.hasOwn({}, 'polluted') || 'polluted' in {}).toBe(false);
  });
});

describe('readPylock', () => {
  it('passes over what a newer minor version adds, and says so', () => {
    const { lock, notes } = readPylock(
      'lock-version = "1.7"\ncreated-by = "x"\nnew-key = 1\npackages = []\n',
      'pylock.toml',
    );
    expect(lock.lockVersion).toBe('1.7');
    expect(notes).toEqual([
      {
        kind: 'warning',
        text: 'its lock-version is 1.7: what is new since 1.0 is passed over',
        file: 'pylock.toml',
        line: 1,
      },
      {
        kind: 'omitted',
        text: 'keys that the standard does not have are passed over: new-key',
        file: 'pylock.toml',
        line: 3,
      },
    ]);
  });
});

describe('isPylockName', () => {
  it.each([
    ['pylock.toml', true],
    ['pylock.dev.toml', true],
    ['pylock.a.b.toml', false],
    ['pylock..toml', false],
    ['mypylock.toml', false],
    ['pylock.toml.bak', false],
  ])('%s: %s', (name, expected) => {
    expect(isPylockName(name)).toBe(expected);
  });
});

const LINUX = { python_version: '3.13', python_full_version: '3.13.0', sys_platform: 'linux' };

function lockOf(head: string, entries: readonly string[]): Pylock {
  const packages = entries.map((entry) => `[[packages]]\n${entry}\ndirectory = { path = "." }\n`);
  return parsePylock(`${HEAD}${head}\n${packages.join('') || 'packages = []'}`, 'pylock.toml');
}

describe('selectPackages', () => {
  const uses = lockOf('extras = ["docs"]\ndependency-groups = ["dev"]\ndefault-groups = ["default"]', [
    'name = "always"',
    'name = "default"\nmarker = \'"default" in dependency_groups\'',
    'name = "dev"\nmarker = \'"dev" in dependency_groups\'',
    'name = "docs"\nmarker = \'"docs" in extras and sys_platform == "linux"\'',
    'name = "windows"\nmarker = \'sys_platform == "win32"\'',
  ]);

  it.each([
    [{}, ['always', 'default']],
    [{ groups: [] }, ['always']],
    [{ groups: ['dev'] }, ['always', 'dev']],
    [{ extras: ['docs'] }, ['always', 'default', 'docs']],
  ])('takes what the standard says with %j', (choice, expected) => {
    expect(selectPackages(uses, { environment: LINUX, ...choice }).map(({ name }) => name)).toEqual(expected);
  });

  it.each([
    [lockOf('', []), { extras: ['docs'] }, 'E_NO_SUCH_EXTRA', 'the lock has no extra docs'],
    [uses, { groups: ['test'] }, 'E_NO_SUCH_GROUP', 'the lock has no group test'],
    [
      lockOf('requires-python = "<3.13"', []),
      {},
      'E_LOCK_UNFIT',
      'the lock is not for this target: it wants Python <3.13',
    ],
    [
      lockOf('environments = [\'sys_platform == "win32"\']', []),
      {},
      'E_LOCK_UNFIT',
      'the lock is not for this target: it is for sys_platform == "win32"',
    ],
    [
      lockOf('', ['name = "old"\nrequires-python = "<3"']),
      {},
      'E_LOCK_UNFIT',
      'old is not for this target: it wants Python <3',
    ],
    [
      lockOf('', ['name = "two"\nversion = "1"', 'name = "two"\nversion = "2"']),
      {},
      'E_LOCK_FORK',
      'the lock has two entries of two for this target: 1 (always) and 2 (always)',
    ],
  ])('refuses what is not clear: %#', (lock, choice, code, message) => {
    const select = (): unknown => selectPackages(lock, { environment: LINUX, ...choice });
    expect(select).toThrow(expect.objectContaining({ code, message, exit: 1 }));
  });

  it('takes a target that names a minor version of Python for some patch release of it', () => {
    expect(selectPackages(lockOf('requires-python = ">=3.13.2"', []), { environment: LINUX })).toEqual([]);
  });
});

function locks(): fc.Arbitrary<Pylock> {
  const text = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.string({ minLength: 1, unit: 'binary' }),
    fc.constantFrom('__proto__', '"', "'", '\\', '\n\t\u0000\u007f'),
  );
  const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
  const name = fc.constantFrom('alpha', 'beta-2', 'constructor');
  const marker = fc
    .constantFrom('sys_platform == "linux"', '"dev" in dependency_groups', 'os_name == "it\'s"')
    .map(parseMarker);
  const hex = fc.constantFrom(DIGEST, '0'.repeat(64));
  const hashes = fc.oneof(
    hex.map((sha256) => ({ sha256 })),
    hex.map((digest) => Object.fromEntries([['__proto__', digest]])),
  );
  const time = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().replace('.000Z', 'Z'));
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.double({ noNaN: true }),
      fc.integer(),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(text, tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  const table = fc.dictionary(text, value, { maxKeys: 3 });
  const file = (filename: string) =>
    fc.record({
      name: fc.constant(filename),
      url: text,
      path: orNull(text),
      size: orNull(fc.nat()),
      uploadTime: orNull(time),
      hashes,
    });
  const source = (project: string) =>
    fc.oneof(
      fc.record({
        vcs: fc.record({
          type: text,
          url: text,
          path: orNull(text),
          requestedRevision: orNull(text),
          commitId: text,
          subdirectory: orNull(text),
        }),
      }),
      fc.record({ directory: fc.record({ path: text, editable: fc.boolean(), subdirectory: orNull(text) }) }),
      fc.record({
        archive: fc.record({
          url: text,
          path: orNull(text),
          size: orNull(fc.nat()),
          uploadTime: orNull(time),
          hashes,
          subdirectory: orNull(text),
        }),
      }),
      fc.record({
        sdist: orNull(file(`${project}-1.0.tar.gz`)),
        wheels: fc.array(file(`${project.replace('-', '_')}-1.0-py3-none-any.whl`), { minLength: 1, maxLength: 2 }),
      }),
    );
  const entry = name.chain((project) =>
    fc
      .tuple(
        fc.record({
          name: fc.constant(project),
          version: fc.constantFrom(null, '1.0'),
          marker: orNull(marker),
          requiresPython: fc.constantFrom(null, '>=3.8,<4'),
          dependencies: orNull(fc.array(table, { maxLength: 2 })),
          index: orNull(text),
          attestationIdentities: orNull(fc.array(fc.record({ kind: text }), { maxLength: 2 })),
          tool: orNull(table),
        }),
        source(project),
      )
      .map(([head, from]) => ({
        vcs: null,
        directory: null,
        archive: null,
        sdist: null,
        wheels: [],
        ...head,
        ...from,
      })),
  );
  const names = fc.constantFrom(null, [], ['docs', 'dev']);
  return fc.record({
    lockVersion: fc.constantFrom('1.0', '1.3'),
    environments: fc.array(marker, { maxLength: 3 }),
    requiresPython: fc.constantFrom(null, '>=3.8'),
    extras: names,
    dependencyGroups: names,
    defaultGroups: fc.constantFrom([], ['main']),
    createdBy: text,
    packages: fc.array(entry, { maxLength: 3 }),
    tool: table,
  });
}
