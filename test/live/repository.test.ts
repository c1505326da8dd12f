import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeWithNix, nixIsThere, openNixStore } from '../support/nix.ts';
import { NETWORK_TIMEOUT, useRealRuns } from './support/real-run.ts';

const THEN = '2024-01-01';

const PROJECTS = [
  ...[
    'absl-py',
    'aiofile',
    'annotated-types',
    'argcomplete',
    'attrs',
    'babel',
    'bleach',
    'bracex',
    'click-didyoumean',
    'comm',
  ],
  ...[
    'croniter',
    'docutils',
    'filelock',
    'fqdn',
    'httpcore',
    'idna',
    'inflection',
    'iso8601',
    'itsdangerous',
    'jinja2',
  ],
  ...['mako', 'networkx', 'ordered-set', 'pluggy', 'requests', 'rich', 'sqlparse', 'tabulate', 'tqdm', 'xmltodict'],
];

describe('a repository of 30 projects', () => {
  const pypi = useRealRuns();
  const inRepository = (...args: string[]): Promise<string> => pypi.run([...args, '--repository', 'packages']);
  const textOf = (file: string): Promise<string> => readFile(join(pypi.folder, 'packages', file), 'utf8');
  const expressionOf = (name: string): string => `pkgs/${name}/default.nix`;
  let before: ReadonlyMap<string, string> = new Map();
  let evaluated: readonly unknown[] = [];
  let table = '';

  /** The version of each package, as its expression has it. */
  async function versions(): Promise<ReadonlyMap<string, string>> {
    const names = await readdir(join(pypi.folder, 'packages', 'pkgs'));
    const texts = await Promise.all(names.map((name) => textOf(expressionOf(name))));
    return new Map(names.map((name, at) => [name, /^ {2}version = "(.*)";$/mu.exec(texts[at] ?? '')?.[1] ?? '']));
  }

  beforeAll(async () => {
    const target = nixIsThere() ? await hostTarget() : ['--python', '3.12'];
    await pypi.run(['init', 'packages', '--as-of', THEN, '--deps', 'all', ...target]);
    await inRepository('add', ...PROJECTS);
    before = await versions();
    if (nixIsThere()) evaluated = [await evaluatesAll()];
    const file = join(pypi.folder, 'packages', expressionOf('jinja2'));
    await writeFile(
      file,
      (await textOf(expressionOf('jinja2'))).replace('\n  meta = {', '\n  # A word of my own.\n  meta = {'),
    );
    const today = new Date().toISOString().slice(0, 10);
    table = await inRepository('update', '-w', '--as-of', today);
    if (nixIsThere()) evaluated = [...evaluated, await evaluatesAll()];
  }, NETWORK_TIMEOUT);

  it('has versions of that day first, and newer ones of most after the update', async () => {
    const after = await versions();
    expect(PROJECTS.filter((name) => (before.get(name) ?? '') === '')).toEqual([]);
    const moved = PROJECTS.filter((name) => before.get(name) !== after.get(name));
    expect(moved.length).toBeGreaterThan(15);
    expect(table).toMatch(/^requests +2\.31\.0 +2\.\d/mu);
  });

  it('keeps a hand edit beside the new version', async () => {
    const text = await textOf(expressionOf('jinja2'));
    expect(text).toContain('  # A word of my own.\n');
    expect(text).not.toContain(`version = "${before.get('jinja2')}"`);
  });

  it('is up to date then, and generates the same again', async () => {
    expect(await inRepository('update')).toMatch(/^no updates, /mu);
    const texts = await Promise.all(PROJECTS.map((name) => textOf(expressionOf(name))));
    await inRepository('regenerate');
    expect(await Promise.all(PROJECTS.map((name) => textOf(expressionOf(name))))).toEqual(texts);
  });

  describeWithNix('in Nix', () => {
    it('evaluates before and after', () => {
      expect(evaluated).toEqual([true, true]);
    });
  });

  /** Whether every package has a derivation, among names that a real package set has. */
  async function evaluatesAll(): Promise<unknown> {
    const root = join(pypi.folder, 'packages');
    const names = [...(await versions()).keys()];
    const texts = await Promise.all(names.map((name) => textOf(expressionOf(name))));
    const formals = texts.flatMap((text) => [
      ...(/^\{([^}]*)\}:/u.exec(text)?.[1] ?? '').matchAll(/^ {2}([\w-]+),$/gmu),
    ]);
    const wanted = formals.map(([, name = '']) => name).filter((name) => !names.includes(name) && !BUILDERS.has(name));
    const store = await openNixStore();
    try {
      return await store.evaluate(
        `let set = import ${root} { }; isDrv = name: builtins.match ".*[.]drv" set.\${name}.drvPath != null;
        in builtins.all isDrv (builtins.filter (name: set.\${name} ? drvPath) (builtins.attrNames set))`,
        { env: { STAND_IN_PLACEHOLDERS: [...new Set(wanted)].join(' ') } },
      );
    } finally {
      await store.remove();
    }
  }
});

/** Formals that are no packages. */
const BUILDERS: ReadonlySet<string> = new Set([
  'lib',
  'buildPythonPackage',
  'fetchPypi',
  'fetchurl',
  'stdenv',
  'pythonOlder',
]);

/** The interpreter and the platform of this machine, for which the stand-in package set is. */
async function hostTarget(): Promise<readonly string[]> {
  const store = await openNixStore();
  try {
    const host = await store.evaluate('[ (import <nixpkgs> { }).python3.pythonVersion builtins.currentSystem ]');
    const [python = '', platform = ''] = Array.isArray(host) ? host.map(String) : [];
    return ['--python', python, '--platform', platform];
  } finally {
    await store.remove();
  }
}
