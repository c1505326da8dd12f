import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { sdist } from './support/kitchen.ts';
import { messagesOf } from './support/made-projects.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

const GILDED = '(python.withPackages (ps: [ ps.made-up-plate ] ++ ps.made-up-plate.optional-dependencies.gilded))';

beforeEach(async () => {
  const metadata = [
    'Provides-Extra: Gilded',
    'Provides-Extra: bare',
    'Requires-Dist: six',
    'Requires-Dist: attrs; extra == "Gilded"',
  ];
  bench().index.project('made-up-plate', [await sdist('made-up-plate', '1.0', { metadata })]);
  for (const name of ['six', 'attrs']) bench().index.project(name, [await sdist(name, '1.0')]);
});

async function done(...args: string[]): Promise<CommandOutcome> {
  const outcome = await bench().run(args);
  expect(outcome.code, outcome.stderr).toBe(0);
  return outcome;
}

async function repository(release = '24.05'): Promise<string> {
  await done('init', '--release', release);
  const { stderr } = await done('add', 'made-up-plate[gilded]');
  return stderr;
}

describe('extras that are asked for', () => {
  it('are in an environment of requirements', async () => {
    expect((await done('env', 'made-up-plate[gilded]')).stdout).toContain(GILDED);
    expect((await done('env', 'made-up-plate')).stdout).not.toContain('dependencies.gilded');
  });

  it('are in the line that says how a file is used', async () => {
    expect((await done('made-up-plate[gilded]')).stdout).toContain(
      '#   in python.withPackages (ps: [ ps.made-up-plate ] ++ ps.made-up-plate.optional-dependencies.gilded)\n',
    );
  });

  it('are none where they need nothing', async () => {
    expect((await done('env', 'made-up-plate[bare]')).stdout).toContain('(ps: [ ps.made-up-plate ])');
  });

  it('are in the environments of a repository, by whichever words they are asked for', async () => {
    await repository();
    const made = await readFile(path.join(bench().folder, 'default.nix'), 'utf8');
    expect(made).toContain('ps: [ ps.made-up-plate ] ++ ps.made-up-plate.optional-dependencies.gilded\n');
    for (const words of [[], ['made-up-plate'], ['made-up-plate[gilded]']])
      expect((await done('env', ...words)).stdout).toContain(GILDED);
  });

  it('are not those of a repository that was not asked for them', async () => {
    await repository();
    expect(messagesOf(await bench().run(['env', 'made-up-plate[bare]', '--repository', '.']))).toEqual([
      'error: made-up-plate[bare]: no package of this repository [E_NOT_IN_REPOSITORY]',
      'hint: pypi2nix add puts it there; --no-repository makes a file that stands by itself',
    ]);
  });

  it('stay through a regeneration, and go when they are asked for no more', async () => {
    await repository();
    expect((await done('regenerate')).stderr).toContain('0 files written');
    await done('remove', 'made-up-plate');
    await done('add', 'made-up-plate');
    expect((await done('env')).stdout).toContain('(ps: [ ps.made-up-plate ])');
  });

  it('are told where packages of the release have none', async () => {
    const note =
      'made-up-plate: the extra gilded is not in environments, since packages of nixpkgs 16.03 have no extras; it needs attrs';
    expect(await repository('16.03')).toContain(note);
    const { stdout, stderr } = await done('env', '--no-repository', '--release', '16.03', 'made-up-plate[gilded]');
    expect(stderr).toContain(note);
    expect(stdout).not.toContain('optional-dependencies');
  });
});
