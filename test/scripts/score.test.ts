import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { corpus } from '../../scripts/support/corpus.ts';
import { score } from '../../scripts/support/score.ts';
import { sdist, wheel } from '../cli/support/kitchen.ts';
import { startServer, type TestServer } from '../support/http-server.ts';
import { type MadeUpIndex, madeUpIndex } from '../support/made-up-index.ts';
import { truthEntry } from './support/records.ts';

let server: TestServer;
let index: MadeUpIndex;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'pypi2nix-score-'));
  server = await startServer();
  index = madeUpIndex(server);
  await madeUpProjects();
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('score', () => {
  it('tells figures, differences with both sides, and which targets hold', async () => {
    const { code, lines } = await scoreOf([
      truthEntry({
        pypi: 'made-up-kettle',
        'build-system': ['setuptools'],
        dependencies: ['six'],
        nativeCheckInputs: ['pytestCheckHook', 'which'],
        pythonImportsCheck: ['made_up_kettle'],
      }),
      truthEntry({ pypi: 'made-up-pot', 'build-system': ['setuptools'], buildInputs: ['zlib'] }),
    ]);
    expect(code).toBe(1);
    expect(lines).toEqual([
      '2 projects, 0 failed. All names of all projects are counted together (micro-average).',
      '',
      ...TABLE,
      'the licences are the same for 2 and have one in common for 2 of 2 projects',
      '',
      'run-time requirements were read in the sdist of 2 and in the METADATA of 0 projects',
      'differences from the release itself:',
      'dependencies  made-up-kettle 1.0: attrs: METADATA always, here never',
      '',
      'differences from nixpkgs:',
      'libraries  made-up-pot 1.0: only nixpkgs zlib; only here -; both -',
      'tests  made-up-kettle 1.0: only nixpkgs which (listed); only here -; both pytest',
      'imports  made-up-pot 1.0: only nixpkgs -; only here made_up_pot; both -',
      '',
      "fails  dependencies are those of the wheel's METADATA, markers included: 0 of 1, 0.000 (0.990)",
      'holds  build-system is what pyproject.toml and the hooks of known backends ask for: 2 of 2, 1.000 (1.000)',
      'holds  every name of pythonImportsCheck is in the wheel: 1 of 1, 1.000 (1.000)',
      'holds  dependencies: F1 1.000 (0.930)',
      'holds  build-system: F1 1.000 (0.880)',
      'fails  libraries: F1 0.000 (0.880)',
      'fails  libraries without overrides: F1 0.000 (0.600)',
      'holds  licence: F1 1.000 (0.950)',
      'fails  tests: recall 0.500 (0.650) at precision 1.000 (0.600)',
      '5 of 9 targets hold',
    ]);
  });

  it('a project that cannot be generated has nothing, and the others are compared', async () => {
    const { code, lines } = await scoreOf([
      truthEntry({ pypi: 'made-up-nothing', dependencies: ['six'] }),
      truthEntry({ pypi: 'made-up-pot', 'build-system': ['setuptools'], pythonImportsCheck: null }),
    ]);
    expect(code).toBe(1);
    expect(lines[1]).toBe('failed: made-up-nothing 1.0: no index has the project made-up-nothing');
    expect(lines).toContain('dependencies  made-up-nothing 1.0: only nixpkgs six; only here -; both -');
    expect(lines.at(-1)).toMatch(/^\d of 9 targets hold$/u);
  });

  it('an index that fails makes the figures worth nothing: 69', async () => {
    server.on('/simple/made-up-pot/', { status: 418 });
    const { code, lines, messages } = await scoreOf([
      truthEntry({ pypi: 'made-up-kettle' }),
      truthEntry({ pypi: 'made-up-pot' }),
    ]);
    expect(code).toBe(69);
    expect(messages.join('\n')).toContain('not reached: made-up-pot: ');
    expect(lines[0]).toMatch(/^1 project, 0 failed\./u);
    expect(lines.at(-1)).toMatch(/^\d of 9 targets hold$/u);
  });

  it('compares the projects of a list with their releases alone', async () => {
    await writeFile(path.join(folder, 'list.txt'), 'made-up-kettle\nmade-up-pot==1.0\n');
    const host = hostOf();
    expect(await score(['--release-only', 'list.txt'], host)).toBe(1);
    expect(host.lines).toEqual([
      '2 projects, 0 failed. All names of all projects are counted together (micro-average).',
      'run-time requirements were read in the sdist of 2 and in the METADATA of 0 projects',
      'differences from the release itself:',
      'dependencies  made-up-kettle 1.0: attrs: METADATA always, here never',
      '',
      "fails  dependencies are those of the wheel's METADATA, markers included: 0 of 1, 0.000 (0.990)",
      'holds  build-system is what pyproject.toml and the hooks of known backends ask for: 2 of 2, 1.000 (1.000)',
      'holds  every name of pythonImportsCheck is in the wheel: 1 of 1, 1.000 (1.000)',
      '2 of 3 targets hold',
    ]);
  });

  it('leaves the details in its folder', async () => {
    await scoreOf([truthEntry({ pypi: 'made-up-kettle' })]);
    const details: unknown = JSON.parse(await readFile(path.join(folder, 'out', 'projects.json'), 'utf8'));
    expect(details).toMatchObject([
      {
        scored: { name: 'made-up-kettle' },
        origins: { dependencies: { six: ['declared in Requires-Dist: six (PKG-INFO:5)'] } },
      },
    ]);
  });

  it('takes the records of all files of a folder', async () => {
    await mkdir(path.join(folder, 'truth'));
    await writeFile(path.join(folder, 'truth', 'b.json'), JSON.stringify([truthEntry({ pypi: 'made-up-pot' })]));
    await writeFile(path.join(folder, 'truth', 'a.json'), JSON.stringify([truthEntry({ pypi: 'made-up-kettle' })]));
    await writeFile(path.join(folder, 'truth', 'README.md'), '');
    const host = hostOf();
    await score(['truth'], host);
    expect(host.lines[0]).toBe('2 projects, 0 failed. All names of all projects are counted together (micro-average).');
  });

  it('tells which file of a folder is none', async () => {
    await mkdir(path.join(folder, 'truth'));
    await writeFile(path.join(folder, 'truth', 'a.json'), '{}');
    const host = hostOf();
    expect(await score(['truth'], host)).toBe(2);
    expect(host.messages.join('\n')).toContain('truth: a.json: is no list of records');
  });

  it('refuses a folder without records', async () => {
    const host = hostOf();
    await mkdir(path.join(folder, 'truth'));
    expect(await score(['truth'], host)).toBe(2);
    expect(host.messages.join('\n')).toContain('truth: the folder has no *.json');
  });

  it.each([
    [[], 'usage: npm run -s score -- TRUTH.json | FOLDER | --release-only LIST'],
    [['a', 'b'], 'usage: npm run -s score -- TRUTH.json | FOLDER | --release-only LIST'],
    [['missing.json'], 'missing.json: ENOENT'],
  ])('wrong use is 2: %j', async (args, message) => {
    const host = hostOf();
    expect(await score(args, host)).toBe(2);
    expect(host.messages.join('\n')).toContain(message);
  });
});

describe('corpus', () => {
  it('lists notes and unknowns of each project, and what was not read', async () => {
    await writeFile(path.join(folder, 'list.txt'), 'made-up-kettle\nmade-up-odd\nmade-up-nothing\n');
    const host = hostOf();
    expect(await corpus(['list.txt'], host)).toBe(1);
    expect(host.lines).toEqual([
      'made-up-kettle 1.0: 0 notes, 0 unknowns',
      'made-up-odd 1.0: 1 note, 2 unknowns',
      '  unknown: the build backend odd is not known here: its hooks may ask for more build requirements (pyproject.toml)',
      '  unknown, nothing rests on it: tox deps: this is no requirement: ! (tox.ini:2)',
      'made-up-nothing: not read: no index has the project made-up-nothing',
      '2 read, 2 unknowns',
    ]);
  });

  it('wrong use is 2', async () => {
    const host = hostOf();
    expect(await corpus([], host)).toBe(2);
    expect(host.messages).toEqual(['usage: npm run -s corpus -- LIST']);
  });
});

const TABLE = [
  'beside nixpkgs         both  only nixpkgs  only here  precision  recall     F1  without overrides: precision  recall     F1  without listed: F1',
  'dependencies              1             0          0      1.000   1.000  1.000                         1.000   1.000  1.000               1.000',
  'build-system              2             0          0      1.000   1.000  1.000                         1.000   1.000  1.000               1.000',
  'tools                     0             0          0      1.000   1.000  1.000                         1.000   1.000  1.000               1.000',
  'libraries                 0             1          0      1.000   0.000  0.000                         1.000   0.000  0.000               0.000',
  'tests                     1             1          0      1.000   0.500  0.666                         1.000   0.500  0.666               1.000',
  'optional-dependencies     0             0          0      1.000   1.000  1.000                         1.000   1.000  1.000               1.000',
  'licence                   2             0          0      1.000   1.000  1.000                         1.000   1.000  1.000               1.000',
  'imports                   1             0          1      0.500   1.000  0.666                         0.500   1.000  0.666               0.666',
];

/** The kettle's wheel says more than its sdist; the pot has no wheel. */
async function madeUpProjects(): Promise<void> {
  index.project('made-up-kettle', [
    await sdist('made-up-kettle', '1.0', {
      metadata: ['Requires-Dist: six'],
      files: { 'tests/test_kettle.py': 'import pytest\n\ndef test_kettle():\n    pass\n' },
    }),
    wheel('made-up-kettle', '1.0', { lines: ['Requires-Dist: six', 'Requires-Dist: attrs'] }),
  ]);
  index.project('made-up-pot', [await sdist('made-up-pot', '1.0')]);
  index.project('made-up-odd', [
    await sdist('made-up-odd', '1.0', {
      files: {
        'pyproject.toml': '[build-system]\nrequires = ["odd"]\nbuild-backend = "odd"\n',
        'tox.ini': '[testenv]\ndeps = !\n',
      },
    }),
  ]);
}

async function scoreOf(records: readonly unknown[]) {
  await writeFile(path.join(folder, 'truth.json'), JSON.stringify(records));
  await writeFile(
    path.join(folder, 'classification.md'),
    '| project | attribute | name | who is right |\n|---|---|---|---|\n| made-up-kettle | tests | which | choice |\n',
  );
  const host = hostOf();
  return { code: await score(['truth.json'], host), lines: host.lines, messages: host.messages };
}

/** A host in which nothing of this machine shows. */
function hostOf() {
  const lines: string[] = [];
  const messages: string[] = [];
  const home = path.join(folder, 'home');
  return {
    environment: {
      HOME: home,
      PYPI2NIX_CACHE_DIR: path.join(home, 'cache'),
      PIP_CONFIG_FILE: '/dev/null',
      PIP_INDEX_URL: index.url,
    },
    directory: folder,
    output: path.join(folder, 'out'),
    listed: path.join(folder, 'classification.md'),
    stdout: (line: string) => void lines.push(line),
    stderr: (line: string) => void messages.push(line),
    lines,
    messages,
  };
}
