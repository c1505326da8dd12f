import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { useCommandBench } from '../cli/support/run-command.ts';
import { describeWithNix, STAND_IN } from '../support/nix.ts';
import { type PublishedProject, publish, useGeneratedBuilds } from './support/generated.ts';
import { itWithHeaders } from './support/host.ts';

const EXTENSION = `#include <Python.h>
#include HEADER

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "NAME", NULL, -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_NAME(void) {
  CALL;
  return PyModule_Create(&module);
}
`;

/** The source of an extension module that includes a header and calls what it declares. */
function extension(name: string, header: string, call: string): string {
  return EXTENSION.replaceAll('NAME', name).replace('HEADER', header).replace('CALL', call);
}

/** A setup.py, with lines before its call. */
function setup(keywords: string, before = ''): string {
  return `import subprocess\nfrom setuptools import Extension, setup\n${before}\nsetup(${keywords})\n`;
}

const plain = (name: string): Readonly<Record<string, string>> => ({ [`${name}/__init__.py`]: 'COLOUR = "green"\n' });

/**
 * Ten projects, and what takes from each what its build cannot do without: a rule in the user's own folder, in that of the repository (`own`) or in one of `--overrides` (`option`), or
 * `edited`: the names that are deleted from the expression by hand.
 */
const BROKEN: readonly {
  readonly project: PublishedProject;
  readonly removal: string;
  readonly way?: 'own' | 'option';
  readonly edited?: readonly string[];
  readonly fixedBy: readonly string[];
}[] = [
  {
    project: {
      name: 'boiled',
      files: {
        ...plain('boiled'),
        'pyproject.toml': '[build-system]\nrequires = ["setuptools", "boiler"]\nbuild-backend = "boiler.backend"\n',
      },
    },
    removal: '',
    edited: ['boiler'],
    fixedBy: ['build-system.add = ["boiler"]'],
  },
  {
    project: {
      name: 'imported',
      files: { ...plain('imported'), 'setup.py': setup('name="imported"', 'import spoon\n') },
    },
    removal: 'build-system.remove = ["spoon"]',
    way: 'own',
    fixedBy: ['build-system.add = ["spoon"]'],
  },
  {
    project: { name: 'stated', metadata: ['Requires-Dist: spoon>=1'], files: plain('stated') },
    removal: 'dependencies.remove = ["spoon"]',
    way: 'option',
    fixedBy: ['dependencies.add = ["spoon>=1"]'],
  },
  {
    project: {
      name: 'shelled',
      files: {
        ...plain('shelled'),
        'setup.py': setup('name="shelled"', 'subprocess.run("which sh", shell=True, check=True)\n'),
      },
    },
    removal: 'nativeBuildInputs.remove = ["which"]',
    fixedBy: ['nativeBuildInputs.add = ["which"]'],
  },
  {
    project: {
      name: 'lookup',
      files: { 'lookup/__init__.py': 'from importlib.metadata import version\n\nVERSION = version("spoon")\n' },
    },
    removal: 'pythonImportsCheck.add = ["lookup"]',
    fixedBy: ['dependencies.add = ["spoon"]'],
  },
  {
    project: {
      name: 'narrow',
      metadata: ['Requires-Dist: spoon'],
      files: { ...plain('narrow'), 'setup.py': setup('name="narrow", install_requires=["spoon>=7"]') },
    },
    removal: 'pythonRelaxDeps.remove = ["spoon"]',
    fixedBy: ['pythonRelaxDeps.add = ["spoon"]'],
  },
  {
    project: {
      name: 'asking',
      files: {
        ...plain('asking'),
        'setup.py': setup('name="asking"', 'subprocess.run(["which", "sh"], check=True)\n'),
      },
    },
    removal: 'nativeBuildInputs.remove = ["which"]',
    fixedBy: ['nativeBuildInputs.add = ["which"]'],
  },
  {
    project: {
      name: 'squeezed',
      files: {
        'setup.py': setup('name="squeezed", ext_modules=[Extension("squeezed", ["squeezed.c"], libraries=["z"])]'),
        'squeezed.c': extension('squeezed', '<zlib.h>', 'zlibVersion()'),
      },
    },
    removal: '',
    edited: ['zlib'],
    fixedBy: ['buildInputs.add = ["zlib"]'],
  },
  {
    project: {
      name: 'configured',
      files: {
        'setup.py': setup(
          'name="configured", ext_modules=[Extension("configured", ["configured.c"], libraries=["z"])]',
          'subprocess.run(["pkg-config", "--exists", "--print-errors", "zlib"], check=True)\n',
        ),
        'configured.c': extension('configured', '<zlib.h>', 'zlibVersion()'),
      },
    },
    removal: 'nativeBuildInputs.remove = ["pkg-config"]\nbuildInputs.remove = ["zlib"]',
    way: 'option',
    fixedBy: ['nativeBuildInputs.add = ["pkg-config"]', 'buildInputs.add = ["zlib"]'],
  },
  {
    project: {
      name: 'tested',
      files: {
        ...plain('tested'),
        'tests/__init__.py': '',
        'tests/test_tested.py':
          'import unittest\n\nimport spoon\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        self.assertTrue(spoon.COLOUR)\n',
      },
    },
    removal: 'nativeCheckInputs.remove = ["spoon"]',
    fixedBy: ['nativeCheckInputs.add = ["spoon"]'],
  },
];

const TOOLS: readonly PublishedProject[] = [
  { name: 'spoon', version: '2.0', files: plain('spoon') },
  {
    name: 'boiler',
    files: { 'boiler/__init__.py': '', 'boiler/backend.py': 'from setuptools.build_meta import build_wheel\n' },
  },
];

/** An expression without a name among its arguments and lists, as somebody deletes it. */
function withoutName(text: string, name: string): string {
  const without = text.replace(new RegExp(`^ +${name},?\\n`, 'gmu'), '').replace(`[ ${name} ]`, '[ ]');
  expect(without).not.toBe(text);
  return without;
}

/** What the rules of the override files in a folder change, by project in the order of the names. */
async function rulesBelow(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = (await readdir(folder)).sort();
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  return new Map(
    names.map((name, at) => [
      name.replace('.toml', ''),
      (texts[at] ?? '').split('\n').filter((line) => line.includes('.add = ')),
    ]),
  );
}

describeWithNix('check --build --fix', () => {
  const bench = useCommandBench();
  const builds = useGeneratedBuilds();

  /** The variables that lead to the store of the tests. */
  async function nixVariables(): Promise<Record<string, string>> {
    const { stdout } = await builds.store.run('env', ['-0']);
    const variables = stdout
      .split('\0')
      .map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]);
    return Object.fromEntries(variables.filter(([name = '']) => name === 'PATH' || name.startsWith('NIX_')));
  }

  itWithHeaders({ 'python3*/Python.h': 'python3-dev', 'zlib.h': 'zlib1g-dev' })(
    'repairs packages whose inputs rules or edits by hand take away',
    async () => {
      const { folder } = bench();
      await publish(bench(), [...TOOLS, ...BROKEN.map(({ project }) => project)]);
      const names = BROKEN.map(({ project: { name } }) => name);
      const places = {
        user: path.join(folder, '.home', '.config', 'pypi2nix', 'overrides'),
        own: path.join(folder, 'out', 'overrides'),
        option: path.join(folder, 'rules'),
      };
      for (const place of Object.values(places)) await mkdir(place, { recursive: true });
      for (const { project, removal, way = 'user' } of BROKEN.filter((each) => each.removal !== ''))
        await writeFile(path.join(places[way], `${project.name}.toml`), `[[rule]]\n${removal}\nreason = "a test"\n`);
      // Puts all archives into the store.
      const wanted = [...names, ...TOOLS.map(({ name }) => name)];
      await builds.generate(bench(), [...wanted, '-o', 'out', '--overrides', 'rules']);
      for (const { project, edited = [] } of BROKEN) {
        const file = path.join(folder, 'out', 'pkgs', project.name, 'default.nix');
        const text = await readFile(file, 'utf8');
        await writeFile(file, edited.reduce(withoutName, text));
      }

      const fixed = await bench().run(
        ['check', 'out', '--build', '--fix', '--nixpkgs', STAND_IN],
        await nixVariables(),
      );
      expect(fixed.code, fixed.stdout + fixed.stderr).toBe(0);
      const expected = BROKEN.map(({ project: { name }, fixedBy }) => [name, fixedBy] as const);
      expect(await rulesBelow(path.join(folder, 'out', 'overrides'))).toEqual(new Map(expected.sort()));
      expect(fixed.stdout).not.toContain('taken back');
    },
    180_000,
  );
});
