import { describe, expect, it } from 'vitest';
import { makeSdist } from '../support/archives.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

const FRUIT = {
  'PKG-INFO': [
    'Metadata-Version: 2.4',
    'Name: fruit-bowl',
    'Version: 1.2.0',
    'Summary: A bowl of fruit.',
    'License-Expression: MIT',
    'Project-URL: Homepage, https://fruit.test/',
    'Project-URL: Changelog, https://fruit.test/changes/1.2.0',
    'Requires-Python: >=3.11',
    'Requires-Dist: Numpy>=1.7',
    'Requires-Dist: tomli>=2; python_version < "3.12"',
    'Requires-Dist: colorama; sys_platform == "win32"',
    'Requires-Dist: pip-squeak<3,>=2',
    'Provides-Extra: juice',
    'Requires-Dist: pyyaml; extra == "juice"',
    'Provides-Extra: all',
    'Requires-Dist: fruit-bowl[juice]; extra == "all"',
    'Provides-Extra: rare',
    'Requires-Dist: no-such-press; extra == "rare"',
    'Provides-Extra: test',
    'Requires-Dist: pytest>=8; extra == "test"',
    'Requires-Dist: ruff; extra == "test"',
    '',
    '',
  ].join('\n'),
  'pyproject.toml': [
    '[build-system]',
    'requires = ["hatchling>=1.20"]',
    'build-backend = "hatchling.build"',
    '[project]',
    'name = "fruit-bowl"',
    'scripts = { fruit = "fruit_bowl:main" }',
    '',
  ].join('\n'),
  'src/fruit_bowl/__init__.py': '',
  'tests/test_fruit.py': 'import pytest\nimport hypothesis\n\ndef test_fruit():\n    pass\n',
};

const SQUEAK = {
  'PKG-INFO': 'Metadata-Version: 1.1\nName: pip.squeak\nVersion: 2.5\nSummary: The squeak\nLicense: BSD\n\n',
  'setup.py':
    "from setuptools import setup\nsetup(name='pip.squeak', version='2.5', py_modules=['squeak'], install_requires=['six'])\n",
  'squeak.py': '',
};

async function publishFruit(): Promise<void> {
  bench().index.project('fruit-bowl', [
    { ...(await makeSdist('fruit_bowl', '1.2.0', FRUIT)), requiresPython: '>=3.11' },
  ]);
  bench().index.project('pip-squeak', [
    await makeSdist('pip.squeak', '2.5', SQUEAK),
    await makeSdist('pip.squeak', '3.0', SQUEAK),
  ]);
}

describe('generating', () => {
  it('prints what is named and what the package set lacks, in the form of current nixpkgs', async () => {
    await publishFruit();

    const { code, stdout, stderr } = await bench().run(['fruit-bowl']);

    expect([code, stderr]).toEqual([
      0,
      `resolving 1 requirement
reading 2 releases
note: fruit-bowl: the extra rare is left out: no-such-press is not in the package set
note: pip-squeak: the release says only “BSD” of its licence; BSD-3-Clause is a guess
`,
    ]);
    await expect(stdout).toMatchFileSnapshot('../golden/cli/fruit-bowl.nix');
  });

  it('asks the index for nothing that the package set supplies', async () => {
    await publishFruit();

    await bench().run(['fruit-bowl']);

    const pages = bench()
      .server.requests.map(({ path }) => path)
      .filter((path) => path.startsWith('/simple/'));
    expect(pages.sort()).toEqual(['/simple/fruit-bowl/', '/simple/pip-squeak/']);
  });

  it('prints the same in the form of nixpkgs 16.03', async () => {
    await publishFruit();

    const { code, stdout } = await bench().run(['--release', '16.03', 'pip-squeak<3']);

    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot('../golden/cli/pip-squeak-16.03.nix');
  });

  it('prints the facts of the same packages as one JSON object', async () => {
    await publishFruit();

    const { stdout } = await bench().run(['fruit-bowl', '--json']);

    const facts = JSON.parse(stdout);
    expect(Object.keys(facts)).toEqual(['form', 'nixpkgs', 'packages', 'assumed', 'notes']);
    expect(facts).toMatchObject({
      form: 1,
      assumed: ['hatchling>=1.20', 'numpy>=1.7', 'pytest>=8', 'tomli>=2'],
      packages: [
        {
          name: 'fruit-bowl',
          version: '1.2.0',
          attribute: 'fruit-bowl',
          source: { file: 'fruit_bowl-1.2.0.tar.gz' },
          inputs: {
            'build-system': ['hatchling'],
            dependencies: ['numpy', 'pip-squeak', 'tomli'],
            nativeCheckInputs: ['hypothesis', 'pytest'],
            'optional-dependencies': { all: ['pyyaml'], juice: ['pyyaml'] },
          },
        },
        { name: 'pip-squeak', inputs: { 'build-system': ['setuptools'], dependencies: ['six'] } },
      ],
    });
    expect(facts.packages[0].why.dependencies.numpy).toEqual([
      { kind: 'requirement', text: 'declared in Requires-Dist', file: 'PKG-INFO', line: 9, requirement: 'Numpy>=1.7' },
    ]);
  });

  it('gives the same bytes when it runs again, with and without the cache', async () => {
    await publishFruit();

    const runs = [
      await bench().run(['fruit-bowl']),
      await bench().run(['fruit-bowl']),
      await bench().run(['fruit-bowl', '--refresh']),
    ];

    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1);
  });

  it('tells nothing but the result with --quiet', async () => {
    await publishFruit();

    expect((await bench().run(['fruit-bowl', '--quiet'])).stderr).toBe('');
  });
});
