import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { wheel } from './support/kitchen.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

const TEA = [
  'Provides-Extra: fruit',
  'Requires-Dist: made-up-water>=1',
  'Requires-Dist: made-up-leaves<3; python_version >= "3.8"',
  'Requires-Dist: made-up-berries; extra == "fruit"',
  'Requires-Dist: made-up-kettle; sys_platform == "darwin"',
  'Requires-Dist: made-up-samovar; sys_platform == "win32"',
];

beforeEach(() => {
  const publish = (name: string, version: string, lines: readonly string[] = []): void => {
    bench().index.project(name, [wheel(name, version, { lines })]);
  };
  publish('made-up-tea', '2.0', TEA);
  publish('made-up-water', '1.5');
  publish('made-up-leaves', '2.1', ['Requires-Dist: made-up-water']);
  publish('made-up-berries', '0.3');
  publish('made-up-kettle', '7', ['Requires-Dist: made-up-water!=1.4']);
});

const TARGETS = ['--python', '3.13', '--platform', 'x86_64-linux,aarch64-darwin'];

async function treeOf(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await bench().run(['tree', ...args, ...TARGETS]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'resolving 1 requirement\n' });
  return `\n${stdout}`;
}

describe('tree', () => {
  it('shows what a requirement leads to on the targets, with extras and conditions', async () => {
    expect(await treeOf('made-up-tea[fruit]')).toBe(`
made-up-tea[fruit] 2.0
├── made-up-berries 0.3 (extra: fruit)
├── made-up-kettle 7 ; sys_platform == "darwin"
│   └── made-up-water 1.5
├── made-up-leaves 2.1
│   └── made-up-water 1.5
└── made-up-water 1.5
`);
  });

  it('--invert shows who needs a project, however it is spelled', async () => {
    expect(await treeOf('made-up-tea[fruit]', '--invert', 'Made_Up.Water')).toBe(`
made-up-water 1.5
├── made-up-kettle 7 [requires made-up-water!=1.4]
│   └── made-up-tea 2.0 [requires made-up-kettle] ; sys_platform == "darwin" (requested)
├── made-up-leaves 2.1 [requires made-up-water]
│   └── made-up-tea 2.0 [requires made-up-leaves<3] (requested)
└── made-up-tea 2.0 [requires made-up-water>=1] (requested)
`);
  });

  it('--depth ends at a level', async () => {
    expect(await treeOf('made-up-tea', '--depth', '1')).toBe(`
made-up-tea 2.0
├── made-up-kettle 7 ; sys_platform == "darwin" …
├── made-up-leaves 2.1 …
└── made-up-water 1.5
… its subtree is cut by --depth
`);
  });

  it('--json has the whole graph', async () => {
    const graph = JSON.parse(await treeOf('made-up-leaves', '--json'));
    expect(graph).toEqual({
      form: 1,
      roots: [{ name: 'made-up-leaves', extras: [], requirement: 'made-up-leaves', marker: null }],
      packages: [
        {
          name: 'made-up-leaves',
          version: '2.1',
          extras: [],
          yanked: null,
          requirements: [
            { name: 'made-up-water', extras: [], requirement: 'made-up-water', marker: null, extra: null },
          ],
        },
        { name: 'made-up-water', version: '1.5', extras: [], yanked: null, requirements: [] },
      ],
      notes: [],
    });
  });

  it('--invert with a project that is not there names the nearest', async () => {
    const { code, stdout, stderr } = await bench().run(['tree', 'made-up-tea', '--invert', 'made-up-watr', ...TARGETS]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      'error: --invert: nothing here needs "made-up-watr" [E_NOT_IN_TREE]\nhint: did you mean made-up-water?\n',
    );
  });

  it('explains why there is none', async () => {
    const { code, stdout, stderr } = await bench().run(['tree', 'made-up-tea', 'made-up-leaves>=3', ...TARGETS]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      'error: no version of made-up-leaves matches >=3: its versions are 2.1 [E_NO_MATCHING_VERSION]',
    );
  });

  it('reads the metadata of wheels and no sdist', async () => {
    await treeOf('made-up-tea');
    expect(bench().server.requests.filter(({ path: asked }) => asked.endsWith('.tar.gz'))).toEqual([]);
  });
});

describe('tree --lock', () => {
  const OLD = ['lock', 'made-up-tea<2.1', '-o', 'pylock.toml', ...TARGETS];

  beforeEach(async () => {
    expect((await bench().run(OLD)).code).toBe(0);
    bench().index.project('made-up-water', [wheel('made-up-water', '1.5'), wheel('made-up-water', '1.6')]);
  });

  it('shows the versions of the lock file, from what it was made for', async () => {
    expect(await treeOf('--lock', 'pylock.toml', '--refresh')).toBe(`
made-up-tea 2.0
├── made-up-kettle 7 ; sys_platform == "darwin"
│   └── made-up-water 1.5
├── made-up-leaves 2.1
│   └── made-up-water 1.5
└── made-up-water 1.5
`);
  });

  it('begins at what is asked for', async () => {
    expect(await treeOf('--lock', 'pylock.toml', '--refresh', 'made-up-leaves')).toBe(`
made-up-leaves 2.1
└── made-up-water 1.5
`);
  });

  it('refuses what the lock file does not have', async () => {
    const { code, stderr } = await bench().run(['tree', '--lock', 'pylock.toml', 'made-up-berries', ...TARGETS]);
    expect(code).toBe(1);
    expect(stderr).toContain('made-up-berries');
    expect(stderr).toContain('[E_NOT_IN_LOCK]');
  });

  it('tells that a lock file cannot be read, with its place', async () => {
    await writeFile(path.join(bench().folder, 'pylock.broken.toml'), 'lock-version = \n');
    const { code, stderr } = await bench().run(['tree', '--lock', 'pylock.broken.toml', ...TARGETS]);
    expect(code).toBe(65);
    expect(stderr).toContain('pylock.broken.toml:1:');
  });

  it('tells that a lock file is not there', async () => {
    const { code, stderr } = await bench().run(['tree', '--lock', 'uv.lock', ...TARGETS]);
    expect(code).toBe(74);
    expect(stderr).toContain('error: uv.lock cannot be read: ');
  });
});
