import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { messagesOf } from './support/made-projects.ts';
import { treeAt, withoutIndex } from './support/repository-bench.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';
import { serveNewDays, serveOldDays, serveVulnerabilities } from './support/update-story.ts';

const bench = useCommandBench();

/** Everything in the story is older, and ages are of that day. */
const TODAY = ['--as-of', '2025-07-01'];

beforeEach(async () => {
  await serveOldDays(bench());
  await done('init');
  await done('add', 'made-up-kettle[warm]', 'made-up-tray');
  await serveNewDays(bench());
}, 60_000);

/** The pages of the index are other ones than those in the cache. */
const run = (...args: string[]): Promise<CommandOutcome> =>
  bench().run(args[0] === 'update' && !args.includes('--offline') ? [...args, '--refresh'] : args);

async function done(...args: string[]): Promise<CommandOutcome> {
  const outcome = await run(...args);
  expect(outcome.code, outcome.stderr).toBe(0);
  return outcome;
}

const tree = (): Promise<ReadonlyMap<string, string>> => treeAt(bench().folder);

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const whole = path.join(bench().folder, file);
  await writeFile(whole, change(await readFile(whole, 'utf8')));
}

/** The versions that a table gives packages, by name. */
async function allowed(...args: string[]): Promise<Record<string, string>> {
  const { stdout } = await done('update', '--json', ...args);
  const { packages }: { packages: { name: string; next: string }[] } = JSON.parse(stdout);
  return Object.fromEntries(packages.map(({ name, next }) => [name.replace('made-up-', ''), next]));
}

/** Why the newest version of a package is not taken. */
async function heldBack(name: string, ...args: string[]): Promise<readonly string[]> {
  const { stdout } = await done('update', '--json', ...args);
  const { packages }: { packages: { name: string; heldBack: string[] }[] } = JSON.parse(stdout);
  return packages.find((each) => each.name === name)?.heldBack ?? ['is not told'];
}

describe('update', () => {
  it('shows versions, ages, what changes, what is safer, and who holds whom back, and writes nothing', async () => {
    const before = await tree();
    serveVulnerabilities(bench(), 'made-up-lid', '1.0', [
      { id: 'GHSA-1', aliases: ['CVE-2025-1'], summary: 'Boils\u001b[2J over.' },
      { id: 'PYSEC-9' },
    ]);
    serveVulnerabilities(bench(), 'made-up-lid', '2.0', [{ id: 'PYSEC-9' }, { id: 'GHSA-2', summary: null }]);
    const { stdout, stderr } = await done('update', ...TODAY);
    expect(stdout).toBe(`package         current  allowed  newest  age
made-up-kettle  1.0      1.1      1.1     11 days
  needs made-up-spout now
  does not need six any more
  needs made-up-saucer>=1.0 (before: made-up-saucer)
  Python: >=3.8 -> >=3.10
  licence: MIT -> BSD-3-Clause
  build backend: setuptools.build_meta -> flit_core.buildapi
made-up-lid     1.0      2.0      2.0     11 days
  fixes CVE-2025-1 (GHSA-1): Boils[2J over.
  brings GHSA-2
made-up-saucer  1.0      1.0      2.0
  not 2.0: made-up-tray 1.2 needs made-up-saucer<2
made-up-tray    1.0      1.2      1.2     11 days

new packages: made-up-spout 0.1
3 updates (1 major, 2 minor), 1 held back, 0 up to date
`);
    expect(stderr).toContain('pypi2nix update -w writes them\n');
    expect(await tree()).toEqual(before);
  });

  it('writes the whole tree with -w, and has nothing to do a second time', async () => {
    const { stderr } = await done('update', '-w');
    expect(messagesOf({ code: 0, stdout: '', stderr }).slice(1)).toEqual([
      'wrote default.nix',
      'wrote overlay.nix',
      'wrote pkgs/made-up-kettle/default.nix',
      'wrote pkgs/made-up-lid/default.nix',
      'wrote pkgs/made-up-spout/default.nix',
      'wrote pkgs/made-up-tray/default.nix',
      'wrote pylock.toml',
      '7 files written, 6 unchanged',
    ]);
    for (const [file, text] of await tree())
      await expect(withoutIndex(text)).toMatchFileSnapshot(`../golden/repository-stories/update/${file}`);
    const after = await tree();
    const second = await done('update', '-w');
    expect(second.stdout).toContain('no updates, 1 held back, 4 up to date\n');
    expect((await done('regenerate')).stderr).toMatch(/^0 files written/mu);
    expect(await tree()).toEqual(after);
  });

  it.each([
    ['patch', '1.0.1'],
    ['minor', '1.1'],
    ['major', '2.0'],
  ])('--target %s goes to %s', async (target, expected) => {
    expect(await allowed('--target', target, 'made-up-lid')).toMatchObject({ lid: expected });
  });

  it('--target latest lifts the bounds of the manifest, and writes new ones', async () => {
    await edit('pypi2nix.toml', (text) =>
      text.replace('"made-up-tray"', '"made-up-tray<1.1", "made-up-lid==1.0" # mine'),
    );
    await done('add');
    expect(await heldBack('made-up-lid')).toEqual(['pypi2nix.toml asks for made-up-lid==1.0']);
    await done('update', '-w', '--target', 'latest');
    const files = await tree();
    expect(files.get('pypi2nix.toml')).toContain('"made-up-tray", "made-up-lid==2.0" # mine');
    expect(files.get('pkgs/made-up-tray/default.nix')).toContain('version = "1.2"');
    expect((await done('regenerate')).stderr).toMatch(/^0 files written/mu);
  });

  it('takes names and patterns, and says when one means nothing', async () => {
    expect(await allowed('made-up-l*', 'Made_Up.Tray')).toEqual({ lid: '2.0', tray: '1.2' });
    const { code, stderr } = await run('update', 'made-up-trey');
    expect(code).toBe(1);
    expect(stderr).toContain('made-up-trey: no package of this repository [E_NOT_IN_REPOSITORY]');
    expect(stderr).toContain('did you mean made-up-tray?');
  });

  it('leaves alone what was not named', async () => {
    expect(await allowed('made-up-kettle', '--target', 'minor')).toEqual({ kettle: '1.1' });
  });

  it('--exclude keeps a package where it is', async () => {
    expect(await allowed('--exclude', '*-lid', '--exclude', 'made-up-tray')).toEqual({ kettle: '1.1', saucer: '1.0' });
  });

  it('--as-of goes back to the releases of a day, and the manifest follows where it has one', async () => {
    expect(await allowed('--as-of', '2025-02-15')).toMatchObject({ lid: '1.0.1', kettle: '1.0' });
    expect(await heldBack('made-up-kettle', '--as-of', '2025-02-15')).toEqual([
      'it was uploaded on 2025-06-20 (--as-of 2025-02-15)',
    ]);
    await edit('pypi2nix.toml', (text) => text.replace('[options]', '[options]\nas-of = "2025-02-01"'));
    await done('update', '-w', '--as-of', '2025-03-15');
    const files = await tree();
    expect(files.get('pypi2nix.toml')).toContain('as-of = "2025-03-15"');
    expect(files.get('pkgs/made-up-lid/default.nix')).toContain('version = "1.1"');
    expect((await done('regenerate')).stderr).toMatch(/^0 files written/mu);
  });

  it('--cool-down passes over young releases, and never goes back for it', async () => {
    expect(await allowed(...TODAY, '--cool-down', '14d')).toMatchObject({ lid: '1.1', kettle: '1.0' });
    expect(await allowed(...TODAY, '--cool-down', '52w')).toMatchObject({ lid: '1.0', kettle: '1.0' });
    expect((await run('update', '--cool-down', '7')).code).toBe(2);
  });

  it('shows the reason of a pin, and a release that needs another Python', async () => {
    await edit('pypi2nix.toml', (text) =>
      text.replace('[pins]', '[pins]\nmade-up-lid = { version = "<2", reason = "the old pot" }'),
    );
    expect(await heldBack('made-up-lid')).toEqual(['pinned to <2: the old pot']);
    expect(await allowed()).toMatchObject({ lid: '1.1' });
  });

  it('explains a release whose own requirements cannot be met', async () => {
    const { sdist } = await import('./support/kitchen.ts');
    const trays = ['1.0', '1.5'].map(async (version) => ({
      ...(await sdist('made-up-tray', version, {
        metadata: [`Requires-Dist: made-up-saucer${version === '1.0' ? '<2' : '>=9'}`],
      })),
      uploadTime: '2025-01-10T08:00:00Z',
    }));
    bench().index.project('made-up-tray', await Promise.all(trays));
    expect(await heldBack('made-up-tray')).toEqual(['it needs made-up-saucer>=9, and made-up-saucer stays at 1.0']);
  });

  it('leaves a version that was yanked', async () => {
    const { sdist } = await import('./support/kitchen.ts');
    const lid = { ...(await sdist('made-up-lid', '1.0')), yanked: 'leaks', uploadTime: '2025-01-10T08:00:00Z' };
    bench().index.project('made-up-lid', [lid, await sdist('made-up-lid', '1.0.1')]);
    expect(await allowed('made-up-lid')).toEqual({ lid: '1.0.1' });
  });

  it('--fail-on-outdated tells by its exit code that there are updates, and is content when they are written', async () => {
    expect((await run('update', '--fail-on-outdated')).code).toBe(1);
    await done('update', '-w', '--fail-on-outdated');
    await done('update', '--fail-on-outdated');
  });

  it('--json has every field', async () => {
    serveVulnerabilities(bench(), 'made-up-tray', '1.0', [{ id: 'PYSEC-1', aliases: ['CVE-1'], summary: 'hot' }]);
    serveVulnerabilities(bench(), 'made-up-tray', '1.2', []);
    const { stdout } = await done('update', 'made-up-tray', '--json');
    expect(JSON.parse(stdout)).toEqual({
      form: 1,
      written: false,
      packages: [
        {
          name: 'made-up-tray',
          attribute: 'made-up-tray',
          current: '1.0',
          next: '1.2',
          newest: '1.2',
          uploaded: '2025-06-20T08:00:00Z',
          heldBack: [],
          changes: { added: [], removed: [], bounds: [], requiresPython: null, licence: null, buildBackend: null },
          fixes: [{ id: 'PYSEC-1', aliases: ['CVE-1'], summary: 'hot' }],
          brings: [],
        },
      ],
      added: [],
      removed: [],
      notes: [],
    });
  });

  it('--diff shows the files without writing them', async () => {
    const before = await tree();
    const { stdout, stderr } = await done('update', 'made-up-tray', '--diff');
    expect(stdout).toContain('\n-  version = "1.0";\n+  version = "1.2";\n');
    expect(stderr).toContain('would write pkgs/made-up-tray/default.nix\n');
    expect(await tree()).toEqual(before);
  });

  it('keeps hand edits, and ends with 1 where they meet the update', async () => {
    await edit('pkgs/made-up-lid/default.nix', (text) => text.replace('  build-system', '  # mine\n  build-system'));
    await edit('pkgs/made-up-tray/default.nix', (text) => text.replace('version = "1.0"', 'version = "1.0.post1"'));
    const { code, stderr } = await run('update', '-w');
    expect(code).toBe(1);
    expect(stderr).toContain('conflict pkgs/made-up-tray/default.nix: ');
    const lid = (await tree()).get('pkgs/made-up-lid/default.nix');
    expect(lid).toContain('  # mine\n');
    expect(lid).toContain('version = "2.0"');
  });

  it('names the other run, and waits for it with --wait', async () => {
    const lock = path.join(bench().folder, '.pypi2nix/lock');
    const since = '2026-11-03T08:00:00.000Z';
    await writeFile(lock, JSON.stringify({ pid: process.ppid, host: hostname(), started: null, since }));
    const refused = await run('update', '-w');
    expect(refused.code).toBe(73);
    expect(refused.stderr).toContain(`process ${process.ppid} on ${hostname()}, started at ${since}, is writing here`);
    // That process ends.
    const waiting = done('update', '-w', '--wait');
    await writeFile(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), started: null, since }));
    await waiting;
    expect((await tree()).get('pkgs/made-up-tray/default.nix')).toContain('version = "1.2"');
  });

  it('shows updates while another run holds the repository, and touches no file of it', async () => {
    const lock = path.join(bench().folder, '.pypi2nix/lock');
    const since = '2026-11-03T08:00:00.000Z';
    await writeFile(lock, JSON.stringify({ pid: process.ppid, host: hostname(), started: null, since }));
    const before = await tree();
    for (const args of [['update'], ['update', '--diff'], ['regenerate', '--dry-run'], ['add', '--dry-run']])
      expect((await done(...args)).code, args.join(' ')).toBe(0);
    expect(await tree()).toEqual(before);
  });

  it('works offline with what the cache has, and asks for no vulnerabilities', async () => {
    await done('update');
    const asked = bench().server.requests.length;
    const { stdout, stderr } = await done('update', '--offline');
    expect(stdout).toContain('3 updates');
    expect(stderr).toContain('note: nobody was asked for known vulnerabilities, because of --offline\n');
    expect(bench().server.requests.length).toBe(asked);
  });

  it('needs something to update', async () => {
    await done('init', 'empty');
    expect((await done('update', '--repository', 'empty')).stdout).toBe('no updates, 0 up to date\n');
  });
});
