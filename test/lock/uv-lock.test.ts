import { describe, expect, it } from 'vitest';
import { COMMIT, DIGEST, errors, faults, lines, OTHER_DIGEST, read, roots, target } from './support/read.ts';

const REGISTRY = 'source = { registry = "https://index.test/simple" }';

function wheel(filename: string, digest = DIGEST): string {
  return `wheels = [\n    { url = "https://files.test/${filename}", hash = "sha256:${digest}", size = 10 },\n]`;
}

const LOCK = `version = 1
revision = 3
requires-python = ">=3.11"
resolution-markers = [
    "python_full_version >= '3.12'",
    "python_full_version < '3.12'",
]

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "alpha", extra = ["fast"] },
    { name = "local" },
    { name = "windows-only", marker = "sys_platform == 'win32'" },
]

[package.optional-dependencies]
docs = [
    { name = "sphinx-like", version = "1.0", source = { registry = "https://index.test/simple" }, marker = "python_full_version < '3.12'" },
    { name = "sphinx-like", version = "2.0", source = { registry = "https://index.test/simple" }, marker = "python_full_version >= '3.12'" },
]

[package.dev-dependencies]
dev = [{ name = "checker" }]

[package.metadata]
requires-dist = [{ name = "alpha", extras = ["fast"] }]

[[package]]
name = "alpha"
version = "1.0"
${REGISTRY}
dependencies = [{ name = "beta", marker = "sys_platform == 'darwin'" }]
sdist = { url = "https://files.test/alpha-1.0.tar.gz", hash = "sha256:${OTHER_DIGEST}", upload-time = "2024-01-01T00:00:00Z" }
${wheel('alpha-1.0-py3-none-any.whl')}

[package.optional-dependencies]
fast = [{ name = "gamma" }]
slow = [{ name = "unwanted" }]

[[package]]
name = "beta"
version = "1.0"
${REGISTRY}
dependencies = [{ name = "alpha" }]

[[package]]
name = "checker"
version = "1.0"
${REGISTRY}

[[package]]
name = "gamma"
version = "3.0"
source = { git = "https://code.test/gamma.git?rev=main&subdirectory=python#${COMMIT}" }

[[package]]
name = "local"
version = "0.1"
source = { editable = "../local" }
dependencies = [{ name = "archived" }]

[[package]]
name = "archived"
version = "4.0"
source = { url = "https://files.test/archived-4.0.tar.gz" }
sdist = { hash = "sha256:${DIGEST}" }

[[package]]
name = "sphinx-like"
version = "1.0"
${REGISTRY}
resolution-markers = ["python_full_version < '3.12'"]

[[package]]
name = "sphinx-like"
version = "2.0"
${REGISTRY}
resolution-markers = ["python_full_version >= '3.12'"]

[[package]]
name = "unwanted"
version = "1.0"
${REGISTRY}

[[package]]
name = "windows-only"
version = "1.0"
${REGISTRY}
`;

describe('a uv.lock', () => {
  it('gives what its project leads to on the targets, with extras, files and addresses', () => {
    const locked = read('uv.lock', LOCK);
    expect(locked.format).toBe('uv');
    expect(lines(locked)).toEqual([
      'alpha[fast] 1.0 -> gamma alpha-1.0.tar.gz:b alpha-1.0-py3-none-any.whl:a',
      `archived 4.0 from https://files.test/archived-4.0.tar.gz#sha256=${DIGEST}`,
      `gamma - from git+https://code.test/gamma.git@${COMMIT}#subdirectory=python`,
      'local - from file:///local/#editable=true -> archived',
    ]);
    expect(roots(locked)).toEqual(['alpha[fast]', 'local @ file:///local/#editable=true']);
    expect(locked.notes).toEqual([]);
  });

  it('tells on which of the targets a package is used, cycles included', () => {
    const locked = read('uv.lock', LOCK, { targets: [target('3.13'), target('3.13', 'darwin')] });
    expect(lines(locked).filter((line) => line.startsWith('beta'))).toEqual([
      'beta 1.0 if sys_platform == "darwin" -> alpha',
    ]);
  });

  it('takes the groups and extras of the project that are asked for, in any spelling', () => {
    const locked = read('uv.lock', LOCK, { groups: ['Dev'], extras: ['docs'] });
    expect(roots(locked)).toEqual(['alpha[fast]', 'local @ file:///local/#editable=true', 'sphinx-like', 'checker']);
    expect(locked.projects.get('sphinx-like')?.version).toBe('2.0');
  });

  it('is a fork where the targets need two versions', () => {
    const [error] = errors(() =>
      read('uv.lock', LOCK, { extras: ['docs'], targets: [target('3.11'), target('3.13')] }),
    );
    expect({ code: error?.code, exit: error?.exit, message: error?.message, hint: error?.hint }).toEqual({
      code: 'E_LOCK_FORK',
      exit: 1,
      message:
        'uv.lock has 2 versions of sphinx-like for the targets, and a package set holds one: 1.0 (python_full_version < "3.12") for Python 3.11 on x86_64-linux and 2.0 (python_full_version >= "3.12") for Python 3.13 on x86_64-linux',
      hint: 'narrow the targets: --python 3.11 for 1.0 or --python 3.13 for 2.0',
    });
  });

  it('does not count targets that it is not made for, and says so', () => {
    const locked = read('uv.lock', LOCK, { extras: ['docs'], targets: [target('3.10'), target('3.13')] });
    expect(locked.projects.get('sphinx-like')?.version).toBe('2.0');
    expect(locked.notes).toEqual([
      {
        kind: 'omitted',
        text: 'uv.lock is not made for Python 3.10 on x86_64-linux: it wants Python >=3.11',
        file: 'uv.lock',
      },
    ]);
  });

  it('holds extras that exclude each other apart by the markers that uv writes for them', () => {
    const text = `version = 1
requires-python = ">=3.11"
conflicts = [[{ package = "app", extra = "old" }, { package = "app", extra = "new" }]]
[[package]]
name = "app"
source = { virtual = "." }
dependencies = [
    { name = "alpha", version = "1.0", source = { registry = "r" }, marker = "extra == 'extra-3-app-old'" },
    { name = "alpha", version = "2.0", source = { registry = "r" }, marker = "extra == 'extra-3-app-new' or extra != 'extra-3-app-old'" },
]
[package.optional-dependencies]
old = []
new = []
[[package]]
name = "alpha"
version = "1.0"
source = { registry = "r" }
[[package]]
name = "alpha"
version = "2.0"
source = { registry = "r" }
`;
    const versionWith = (extras: readonly string[]) => read('uv.lock', text, { extras }).projects.get('alpha')?.version;
    expect([versionWith([]), versionWith(['old']), versionWith(['new'])]).toEqual(['2.0', '1.0', '2.0']);
    expect(['old', 'new'].map((extra) => roots(read('uv.lock', text, { extras: [extra] })))).toEqual([
      ['alpha'],
      ['alpha'],
    ]);
  });

  it('follows the requirements of a script and of the members of a workspace', () => {
    const text = `version = 1
requires-python = ">=3.11"
[manifest]
members = ["one", "two"]
requirements = [{ name = "alpha", specifier = ">=1" }]
[[package]]
name = "one"
source = { editable = "packages/one" }
dependencies = [{ name = "two" }]
[[package]]
name = "two"
source = { virtual = "packages/two" }
dependencies = [{ name = "beta" }]
[[package]]
name = "alpha"
version = "1.0"
${REGISTRY}
[[package]]
name = "beta"
version = "1.0"
${REGISTRY}
`;
    expect(roots(read('uv.lock', text))).toEqual(['alpha', 'beta']);
    expect(lines(read('uv.lock', text))).toEqual(['alpha 1.0', 'beta 1.0']);
  });

  it.each([
    ['version = 2', 'uv.lock:1:1: version must be 1: of other versions the meaning is not known'],
    ['version = 1\npackage = 3', 'uv.lock:2:1: package must be a list'],
    ['version = 1\n[[package]]\nname = "a"', 'uv.lock:2:1: package[0].source is missing'],
    [
      'version = 1\n[[package]]\nname = "a"\nsource = { }',
      'uv.lock:4:1: package[0].source must have one of registry, git, url, path, directory, editable, virtual',
    ],
    [
      'version = 1\n[[package]]\nname = "a"\nsource = { git = "https://code.test/a" }',
      'uv.lock:4:1: package[0].source must end in "#" and a commit: https://code.test/a',
    ],
    [
      'version = 1\n[[package]]\nname = "a"\nsource = { git = "https://code.test/a#abc" }',
      'uv.lock:4:1: package[0].source names no full commit',
    ],
    [
      `version = 1\n[[package]]\nname = "a"\n${REGISTRY}\ndependencies = [{ name = 1 }]`,
      'uv.lock:5:19: package[0].dependencies[0].name must be a text',
    ],
    [
      `version = 1\n[[package]]\nname = "a"\n${REGISTRY}\n[package.optional-dependencies]\n"__proto__" = 1`,
      'uv.lock:6:1: package[0].optional-dependencies.__proto__ must be a list of tables',
    ],
  ])('tells its faults with their places: %j', (text, expected) => {
    expect(faults(() => read('uv.lock', text))).toEqual([`E_BAD_LOCK ${expected}`]);
  });

  it('refuses credentials in an address without showing them', () => {
    const text = `version = 1\n[[package]]\nname = "a"\nsource = { url = "https://me:hush@files.test/a-1.0.tar.gz" }`;
    const [error] = errors(() => read('uv.lock', text));
    expect(error?.code).toBe('E_BAD_LOCK');
    expect(`${error?.message} ${error?.hint}`).not.toContain('hush');
  });

  it.each([
    [{ groups: ['nope'] }, 'E_NO_SUCH_GROUP uv.lock has no group nope'],
    [{ extras: ['nope'] }, 'E_NO_SUCH_EXTRA uv.lock has no extra nope'],
    [
      { targets: [target('3.10')] },
      'E_LOCK_UNFIT uv.lock is not made for Python 3.10 on x86_64-linux: it wants Python >=3.11',
    ],
  ])('refuses what it does not have: %j', (choice, expected) => {
    expect(faults(() => read('uv.lock', LOCK, choice))).toEqual([expected]);
  });
});
