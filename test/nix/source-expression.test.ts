import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GitSource, Source } from '../../src/classify/package-facts.ts';
import { dialectFor } from '../../src/nix/dialect.ts';
import { relativePath } from '../../src/nix/expression.ts';
import { packageFunction } from '../../src/nix/package-expression.ts';
import { printExpression } from '../../src/nix/print.ts';
import { singleFile } from '../../src/nix/single-file.ts';
import { describeWithNix, openNixStore } from '../support/nix.ts';
import { packageFacts, toPrint } from './support/facts.ts';
import { parseNix } from './support/nix.ts';

const GIT: GitSource = {
  kind: 'git',
  url: 'https://host.test/demo.git',
  rev: '0123456789abcdef0123456789abcdef01234567',
  reference: 'refs/tags/v1',
  hash: 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  isDefaultBranch: false,
  hasSubmodules: false,
  subdirectory: null,
};

/** The attributes `src` and `sourceRoot` as they are printed in a package function. */
function printed(source: Source, { release = '24.05', sourcePath = '' } = {}): string {
  const facts = { ...toPrint(packageFacts({ source })), ...(sourcePath === '' ? {} : { sourcePath }) };
  const { expression } = packageFunction(facts, { dialect: dialectFor(release), shadowedBy: 'pkgs' });
  const text = printExpression(expression);
  const end = /\n\n {2}(?:build|meta|doCheck)|\n\}/u.exec(text.slice(text.indexOf('src =')))?.index ?? 0;
  return text.slice(text.indexOf('src ='), text.indexOf('src =') + end);
}

describe('the source of a commit', () => {
  it('is fetchgit with the hash in the form of the release', () => {
    expect(printed(GIT)).toBe(`src = fetchgit {
    url = "https://host.test/demo.git";
    rev = "0123456789abcdef0123456789abcdef01234567";
    hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  };`);
    expect(printed(GIT, { release: '16.03' })).toContain(`    sha256 = "${'0'.repeat(64)}";`);
  });

  it('in a folder has that folder as sourceRoot', () => {
    expect(printed({ ...GIT, subdirectory: 'a/b' })).toContain('  sourceRoot = "${src.name}/a/b";');
    expect(printed({ ...GIT, subdirectory: 'a/b', hash: null })).toContain('  sourceRoot = "source/a/b";');
  });

  it.each([
    [{}, ['ref = "refs/tags/v1";']],
    [{ reference: null }, ['allRefs = true;']],
    [{ reference: null, isDefaultBranch: true }, []],
    [{ hasSubmodules: true }, ['ref = "refs/tags/v1";', 'submodules = true;']],
  ])('without a hash is builtins.fetchGit: %j', (parts, lines) => {
    const rest = lines.map((line) => `\n    ${line}`).join('');
    expect(printed({ ...GIT, ...parts, hash: null })).toBe(`src = builtins.fetchGit {
    url = "https://host.test/demo.git";
    rev = "0123456789abcdef0123456789abcdef01234567";${rest}
  };`);
  });

  it('keeps hostile text in its strings', () => {
    const text = printed({ ...GIT, url: 'https://host.test/${x}"', subdirectory: '${y}"' });
    expect(text).toContain('url = "https://host.test/\\${x}\\"";');
    expect(text).toContain('sourceRoot = "${src.name}/\\${y}\\"";');
  });
});

describe('a path in an expression', () => {
  it.each([
    ['.', './.'],
    ['..', '../.'],
    ['../..', '../..'],
    ['a', './a'],
    ['a/b.tar.gz', './a/b.tar.gz'],
    ['../../../a', '../../../a'],
    ['../.a/b', '../.a/b'],
  ])('%s is written %s', async (text, nix) => {
    expect(printExpression(relativePath(text, 'name')).trim()).toBe(nix);
  });

  it.each(['a b', '../a b/c', '${x}', '"; throw "x', "''", '.a', 'ä', 'a\nb', '-a'])(
    '%j is one that Nix can read',
    (text) => {
      expect(printExpression(relativePath(text, 'name'))).toMatch(text === '-a' ? /^\.\/-a/u : /^builtins\.path \{/u);
    },
  );
});

describeWithNix('Nix', () => {
  it.each(['.', '..', '../..', 'a', '../.a/b', '-a', 'a b', '${x}', '"; throw "x', "''", '.a', 'ä'])(
    'reads the path %j',
    async (text) => {
      expect(await parseNix(printExpression(relativePath(text, 'name')))).toBe('');
    },
  );

  it('evaluates a folder and a commit as sources', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'pypi2nix-sources-'));
    const store = await openNixStore();
    try {
      await mkdir(path.join(folder, 'my cup'));
      await writeFile(path.join(folder, 'my cup/setup.py'), '');
      const packages = [
        toPrint(packageFacts({ name: 'ball', source: { ...GIT, subdirectory: 'py' } })),
        { ...toPrint(packageFacts({ name: 'cup', source: { kind: 'directory', path: '/' } })), sourcePath: 'my cup' },
      ];
      const header = { program: 'x', command: 'x', namesFrom: 'x', notChecked: [], use: [] };
      const { text } = singleFile(packages, { dialect: dialectFor('24.05'), header });
      await writeFile(path.join(folder, 'overlay.nix'), text);
      const ps = `((import <nixpkgs> { }).python3.override { packageOverrides = import ${folder}/overlay.nix; }).pkgs`;
      const found = await store.evaluate(
        `let ps = ${ps}; in [ (baseNameOf ps.cup.src) ps.ball.sourceRoot ps.ball.src.outputHashMode ]`,
      );
      expect(found).toEqual([
        expect.stringMatching(/^[a-z0-9]{32}-cup$/u),
        expect.stringMatching(/\/py$/u),
        'recursive',
      ]);
      for (const name of ['cup', 'ball'])
        expect(await store.instantiate(`${ps}.${name}`)).toMatchObject({
          ok: true,
          stdout: expect.stringContaining(name),
        });
    } finally {
      await store.remove();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
