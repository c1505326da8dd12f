import { expect, it } from 'vitest';
import type { MadeUpFile } from '../support/made-up-index.ts';
import { sdist } from './support/kitchen.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

function cup(name: string, version: string, build: string): Promise<MadeUpFile> {
  const project = `[project]\nname = "${name}"\nversion = "${version}"\n`;
  const table = `[build-system]\nrequires = ["setuptools", "${build}"]\nbuild-backend = "setuptools.build_meta"\n`;
  return sdist(name, version, { files: { 'pyproject.toml': `${project}${table}` } });
}

interface Told {
  readonly name: string;
  readonly next: string;
  readonly heldBack: readonly string[];
}

it('a package whose newer build asks for a tool that the target of the update excludes stays, and the others move', async () => {
  const { index, run } = bench();
  const tool = 'made-up-press';
  index.project(tool, [await sdist(tool, '1.0', {})]);
  index.project('made-up-cup', [await cup('made-up-cup', '1.0', tool)]);
  index.project('made-up-pot', [await cup('made-up-pot', '1.0', tool)]);
  for (const args of [['init'], ['add', 'made-up-cup', 'made-up-pot']]) {
    const { code, stderr } = await run(args);
    expect(code, stderr).toBe(0);
  }
  index.project(tool, [await sdist(tool, '1.0', {}), await sdist(tool, '1.1', {}), await sdist(tool, '2.0', {})]);
  index.project('made-up-cup', [await cup('made-up-cup', '1.0', tool), await cup('made-up-cup', '1.1', `${tool}>=2`)]);
  index.project('made-up-pot', [await cup('made-up-pot', '1.0', tool), await cup('made-up-pot', '1.1', tool)]);

  const { code, stdout, stderr } = await run(['update', '--target', 'minor', '--refresh', '--json']);
  expect(code, stderr).toBe(0);
  const { packages } = JSON.parse(stdout);
  const told = packages.map((each: Told) => [each.name, each.next, each.heldBack]);
  expect(told).toEqual([
    ['made-up-cup', '1.0', ['newer ones ask for made-up-press>=2 to be built, which this update may not take']],
    ['made-up-pot', '1.1', []],
    ['made-up-press', '1.1', ['--target minor']],
  ]);

  const major = await run(['update']);
  expect(major.stdout).toContain('made-up-cup    1.0      1.1      1.1');
});

it('a package of whose newer version a cycle comes stays, and the others move', async () => {
  const { index, run } = bench();
  const uses = (name: string): { metadata: string[] } => ({ metadata: [`Requires-Dist: ${name}`] });
  const lid = (version: string): Promise<MadeUpFile> =>
    sdist('made-up-lid', version, { buildRequires: ['setuptools', 'made-up-tap'] });
  index.project('made-up-tap', [await sdist('made-up-tap', '1.0', {})]);
  index.project('made-up-lid', [await lid('1.0')]);
  for (const args of [['init'], ['add', 'made-up-lid']]) {
    const { code, stderr } = await run(args);
    expect(code, stderr).toBe(0);
  }
  index.project('made-up-tap', [
    await sdist('made-up-tap', '1.0', {}),
    await sdist('made-up-tap', '2.0', uses('made-up-lid')),
  ]);
  index.project('made-up-lid', [await lid('1.0'), await lid('1.1')]);

  const { code, stdout, stderr } = await run(['update', '--refresh', '--json']);
  expect(code, stderr).toBe(0);
  const { packages } = JSON.parse(stdout);
  expect(packages.map((each: Told) => [each.name, each.next, each.heldBack])).toEqual([
    ['made-up-lid', '1.1', []],
    ['made-up-tap', '1.0', ['newer ones and made-up-lid need each other']],
  ]);
});

it('a cycle that an update cannot avoid, since the version in use is gone, ends it', async () => {
  const { index, run } = bench();
  const ring = (version: string, needs: readonly string[]): Promise<MadeUpFile> =>
    sdist('made-up-ring', version, { metadata: needs.map((each) => `Requires-Dist: ${each}`) });
  index.project('made-up-ring', [await ring('1.0', [])]);
  index.project('made-up-loop', [await sdist('made-up-loop', '1.0', { metadata: ['Requires-Dist: made-up-ring'] })]);
  for (const args of [['init'], ['add', 'made-up-ring', 'made-up-loop']]) {
    const { code, stderr } = await run(args);
    expect(code, stderr).toBe(0);
  }
  index.project('made-up-ring', [await ring('2.0', ['made-up-loop'])]);
  const { code, stderr } = await run(['update', '--refresh']);
  expect(code).toBe(1);
  expect(stderr).toContain('E_CYCLE');
});
