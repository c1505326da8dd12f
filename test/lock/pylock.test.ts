import { describe, expect, it } from 'vitest';
import { COMMIT, DIGEST, errors, faults, lines, OTHER_DIGEST, read, roots, target } from './support/read.ts';

const HEAD = 'lock-version = "1.0"\ncreated-by = "made-up"\n';

function entry(name: string, version: string, further = ''): string {
  return `[[packages]]\nname = "${name}"\nversion = "${version}"\n${further}sdist = { url = "https://files.test/${name}-${version}.tar.gz", hashes = { sha256 = "${DIGEST}" } }\n`;
}

const LOCK = `${HEAD}requires-python = ">=3.11"
${entry('alpha', '1.0', 'dependencies = [{ name = "beta" }]\n')}
${entry('beta', '2.0', 'dependencies = [{ name = "gamma" }]\n')}
${entry('gamma', '1.0', 'marker = \'python_version < "3.12"\'\ndependencies = []\n')}
${entry('gamma', '2.0', 'marker = \'python_version >= "3.12"\'\ndependencies = [{ name = "beta" }]\n')}
[[packages]]
name = "local"
dependencies = []
directory = { path = "../local" }
[[packages]]
name = "repository"
marker = "'dev' in dependency_groups"
dependencies = []
vcs = { type = "git", url = "https://code.test/r.git", requested-revision = "main", commit-id = "${COMMIT}" }
`;

describe('a pylock.toml', () => {
  it('gives what the standard selects for the target', () => {
    const locked = read('pylock.toml', LOCK);
    expect(lines(locked)).toEqual([
      'alpha 1.0 -> beta alpha-1.0.tar.gz:a',
      'beta 2.0 -> gamma beta-2.0.tar.gz:a',
      'gamma 2.0 -> beta gamma-2.0.tar.gz:a',
      'local - from file:///local/',
    ]);
  });

  it('has as roots what nothing in it depends on', () => {
    expect(roots(read('pylock.toml', LOCK))).toEqual(['alpha', 'local @ file:///local/']);
  });

  it('has as roots all of a circle that nothing else leads to', () => {
    const text = `${HEAD}${entry('a', '1', 'dependencies = [{ name = "b" }]\n')}${entry('b', '1', 'dependencies = [{ name = "a" }]\n')}`;
    expect(roots(read('pylock.toml', text))).toEqual(['a', 'b']);
  });

  it('is a fork where the targets need two versions', () => {
    const [error] = errors(() =>
      read('pylock.toml', LOCK, { targets: [target('3.11'), target('3.12'), target('3.13')] }),
    );
    expect(error?.message).toBe(
      'pylock.toml has 2 versions of gamma for the targets, and a package set holds one: 1.0 (python_version < "3.12") for Python 3.11 on x86_64-linux and 2.0 (python_version >= "3.12") for Python 3.12 and 3.13 on x86_64-linux',
    );
    expect(error?.hint).toBe('narrow the targets: --python 3.11 for 1.0 or --python 3.12,3.13 for 2.0');
  });

  it('gives the packages of its default groups, beside those of the groups that are asked for', () => {
    const text = LOCK.replace(
      'requires-python',
      'default-groups = ["dev"]\ndependency-groups = ["docs"]\nrequires-python',
    );
    for (const groups of [[], ['docs']])
      expect(lines(read('pylock.toml', text, { groups }))).toContain(
        `repository - from git+https://code.test/r.git@main#commit=${COMMIT}`,
      );
  });

  it('gives packages of groups that are asked for only when it has the group', () => {
    const text = LOCK.replace('requires-python', 'dependency-groups = ["dev"]\nrequires-python');
    expect(lines(read('pylock.toml', text, { groups: ['dev'] }))).toContain(
      `repository - from git+https://code.test/r.git@main#commit=${COMMIT}`,
    );
    expect(faults(() => read('pylock.toml', LOCK, { groups: ['dev'] }))).toEqual([
      'E_NO_SUCH_GROUP pylock.toml has no group dev',
    ]);
  });

  it('warns of packages that want another Python, and of a name that installers do not know', () => {
    const text = `${HEAD}${entry('a', '1', 'requires-python = "<3.13"\n')}`;
    expect(read('lock.toml', text).notes).toEqual([
      {
        kind: 'warning',
        text: 'pip and uv take a lock of this name for something else: pylock.toml or pylock.NAME.toml',
        file: 'lock.toml',
      },
      {
        kind: 'warning',
        project: 'a',
        text: 'the lock says that a wants Python <3.13, which Python 3.13 on x86_64-linux is not',
      },
    ]);
  });

  it('tells what our own locks say beside the standard', () => {
    const own = `[tool.pypi2nix]\nform = 1\nrequirements = ["gamma[x]; sys_platform == 'linux'"]\n[[tool.pypi2nix.builds]]\nname = "Set_Up"\nversion = "70.0"\n[[tool.pypi2nix.checks]]\nname = "tester"\nversion = "8"\n`;
    const locked = read('pylock.toml', LOCK + own);
    expect(roots(locked)).toEqual(['gamma[x]; sys_platform == "linux"']);
    expect([[...locked.builds], [...locked.checks]]).toEqual([[['set-up', '70.0']], [['tester', '8']]]);
  });

  it.each([
    ['pypi2nix = 1', 'pylock.toml:22:1: tool.pypi2nix must be a table'],
    ['pypi2nix.form = 2', 'pylock.toml:22:1: tool.pypi2nix.form has to be 1: of other forms the meaning is not known'],
    [
      'pypi2nix = { form = 1, requirements = ["~"] }',
      'pylock.toml:22:40: tool.pypi2nix.requirements[0] is no requirement',
    ],
    [
      'pypi2nix = { form = 1, builds = [{ name = "a" }] }',
      'pylock.toml:22:34: tool.pypi2nix.builds[0] must have a name and a version',
    ],
  ])('tells faults in these: %s', (line, expected) => {
    const text = `${HEAD}${'\n'.repeat(14)}${entry('a', '1')}[tool]\n${line}\n`;
    expect(faults(() => read('pylock.toml', text))).toEqual([`E_BAD_LOCK ${expected}`]);
  });

  it.each([
    [
      'vcs = { type = "hg", url = "https://code.test/r", commit-id = "x" }',
      'packages[0].vcs.type is hg, and only git is supported',
    ],
    ['vcs = { type = "git", url = "https://code.test/r", commit-id = "main" }', 'packages[0] names no full commit'],
    [
      'archive = { url = "https://files.test/a.exe", hashes = { md5 = "00" } }',
      'packages[0] names a source that cannot be used',
    ],
    ['directory = { path = "a", subdirectory = "../../etc" }', 'packages[0] names a source that cannot be used'],
  ])('refuses sources that cannot be had: %s', (line, expected) => {
    const [fault] = faults(() => read('pylock.toml', `${HEAD}[[packages]]\nname = "a"\n${line}\n`));
    expect(fault).toContain(expected);
  });
});

describe('the format of a lock', () => {
  it.each([
    ['pylock.dev.toml', LOCK, 'pylock'],
    ['other.toml', LOCK, 'pylock'],
    [
      'other.lock',
      'version = 1\nrequires-python = ">=3.8"\n[[package]]\nname = "a"\nsource = { virtual = "." }\n',
      'uv',
    ],
    ['other.lock', '[[package]]\nname = "a"\nversion = "1"\n[metadata]\nlock-version = "2.1"\n', 'poetry'],
    ['other.lock', '{"default": {}}', 'pipfile'],
    ['requirements.lock', `a==1 \\\n    --hash=sha256:${OTHER_DIGEST}\n`, 'requirements'],
    ['dir/requirements.txt', 'a==1', 'requirements'],
  ])('%s is told by name or content', (name, text, format) => {
    expect(read(name, text).format).toBe(format);
  });

  it.each([
    ['pyproject.toml', '[project]\nname = "a"\n'],
    ['broken.toml', '[project\nname = \n'],
  ])('%s is none', (name, text) => {
    expect(faults(() => read(name, text))).toEqual([`E_BAD_LOCK ${name} is no lock file that is known`]);
  });

  it.each(['pylock.toml', 'poetry.lock', 'uv.lock', 'Pipfile.lock', 'requirements.txt'])(
    'text that is none of it is a fault of %s, never a defect',
    (name) => {
      for (const text of [
        '\u0000',
        '"',
        '[[',
        '{'.repeat(10_000),
        `a = ${'['.repeat(10_000)}`,
        '\ud800',
        'a = 99999999999999999999',
        '[x]\n[x]',
      ]) {
        expect(faults(() => read(name, text)).every((fault) => fault.startsWith('E_BAD_LOCK '))).toBe(true);
      }
    },
  );
});
