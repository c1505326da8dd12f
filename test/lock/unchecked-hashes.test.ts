import { describe, expect, it } from 'vitest';
import { isLockedFile, uncheckedProjects } from '../../src/lock/locked-projects.ts';
import { DIGEST, OTHER_DIGEST, read } from './support/read.ts';

const LONG = 'c'.repeat(128);

const PYLOCK = (hashes: string): string => `lock-version = "1.0"
created-by = "made-up"
[[packages]]
name = "alpha"
version = "1.0"
sdist = { url = "https://files.test/alpha-1.0.tar.gz", hashes = { ${hashes} } }
`;

const POETRY = (hash: string): string => `[[package]]
name = "alpha"
version = "1.0"
optional = false
python-versions = "*"
groups = ["main"]
files = [{file = "alpha-1.0.tar.gz", hash = "${hash}"}]
[metadata]
lock-version = "2.1"
python-versions = "*"
`;

const UV = (hash: string): string => `version = 1
[[package]]
name = "project"
version = "1.0"
source = { virtual = "." }
dependencies = [{ name = "alpha" }]
[[package]]
name = "alpha"
version = "1.0"
source = { registry = "https://index.test/simple" }
sdist = { url = "https://files.test/alpha-1.0.tar.gz", hash = "${hash}" }
`;

describe('digests of which none is a sha256', () => {
  it.each([
    ['pylock.toml', PYLOCK(`sha512 = "${LONG}"`), 'sha512'],
    [
      'pylock.toml',
      PYLOCK('').replace(/^sdist = .*$/mu, `archive = { path = "alpha.zip", hashes = { md5 = "${'d'.repeat(32)}" } }`),
      'md5',
    ],
    ['poetry.lock', POETRY(`md5:${'d'.repeat(32)}`), 'md5'],
    [
      'poetry.lock',
      POETRY(`sha512:${LONG}`).replace(
        '[metadata]',
        '[package.source]\ntype = "url"\nurl = "https://files.test/alpha-1.0.tar.gz"\n[metadata]',
      ),
      'sha512',
    ],
    ['uv.lock', UV(`sha384:${LONG.slice(0, 96)}`), 'sha384'],
    [
      'Pipfile.lock',
      JSON.stringify({ default: { alpha: { version: '==1.0', hashes: [`sha512:${LONG}`] } }, develop: {} }),
      'sha512',
    ],
    ['lock.txt', `alpha==1.0 --hash=sha512:${LONG}\n`, 'sha512'],
  ])('are refused in a %s, because they are not checked', (name, text, algorithm) => {
    expect(uncheckedProjects(read(name, text)).map(({ code, message }) => `${code} ${message}`)).toEqual([
      `E_HASH_NOT_CHECKED only sha256 is checked, and ${name} has ${algorithm} alone for alpha`,
    ]);
  });

  it('do not matter beside a sha256', () => {
    expect(uncheckedProjects(read('pylock.toml', PYLOCK(`sha512 = "${LONG}", sha256 = "${DIGEST}"`)))).toEqual([]);
  });

  it('do not let a file pass where another file of the project has a sha256', () => {
    const locked = read('lock.txt', `alpha==1.0 --hash=sha512:${LONG} --hash=sha256:${DIGEST}\n`);
    const alpha = locked.projects.get('alpha');
    expect(uncheckedProjects(locked)).toEqual([]);
    expect(alpha !== undefined && isLockedFile(alpha, 'alpha-1.0.zip', OTHER_DIGEST)).toBe(false);
  });
});

it('an archive with several digests in a lock has to have one of them', () => {
  const locked = read(
    'lock.txt',
    `alpha @ https://files.test/alpha-1.0.zip --hash=sha256:${DIGEST} --hash=sha256:${OTHER_DIGEST}\n`,
  );
  const alpha = locked.projects.get('alpha');
  expect(
    [DIGEST, OTHER_DIGEST, 'e'.repeat(64)].map((digest) => alpha && isLockedFile(alpha, 'alpha-1.0.zip', digest)),
  ).toEqual([true, true, false]);
});
