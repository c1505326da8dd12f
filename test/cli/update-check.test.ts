import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { treeAt } from './support/repository-bench.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';
import { serveNewDays, serveOldDays } from './support/update-story.ts';

const bench = useCommandBench();

/** Answers as the commands of Nix do, as far as a check asks them: derivations are called by package and version, and `failing` has the logs of those that fail. */
const PROGRAM = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const { basename } = require('node:path');
const said = JSON.parse(readFileSync(process.env.MADE_UP_NIX, 'utf8'));
const args = process.argv.slice(2);
const versionOf = (name) => /version = "(.*)"/.exec(readFileSync('pkgs/' + name + '/default.nix', 'utf8'))[1];
const drv = (name) => '/nix/store/' + '0'.repeat(32) + '-' + name + '-' + ['made-up-tray', 'made-up-kettle', 'made-up-lid'].map((each) => { try { return versionOf(each); } catch { return 'none'; } }).join('-') + '-' + versionOf(name) + '.drv';
if (basename(process.argv[1]) === 'nix-instantiate') {
  if (args[0] === '--parse') process.exit(0);
  const wanted = JSON.parse(args[args.indexOf('packages') + 1]);
  process.stdout.write(JSON.stringify(wanted.map(({ attribute }) => ({ drv: drv(attribute), interpreter: '3.13', version: '1.0', inputs: [], modules: [] }))));
} else {
  const path = args.at(-1);
  const failing = Object.entries(said).find(([name]) => new RegExp(name).test(path));
  if (args[0] === '--query') process.stdout.write(path + '\\n');
  else if (args[0] === '--read-log') process.stdout.write(failing?.[1] ?? '');
  else {
    appendFileSync(process.env.MADE_UP_NIX + '.built', path + '\\n');
    if (failing) { process.stderr.write("error: builder for '" + path + "' failed with exit code 1;\\n"); process.exit(1); }
  }
}
`;

/** Updates with a Nix in which builds fail whose derivation is called like one of these patterns. */
async function checked(failing: Readonly<Record<string, string>>, ...args: string[]): Promise<CommandOutcome> {
  const bin = path.join(bench().folder, '.home', 'bin');
  await mkdir(bin, { recursive: true });
  for (const name of ['nix-instantiate', 'nix-store']) {
    await writeFile(path.join(bin, name), PROGRAM);
    await chmod(path.join(bin, name), 0o755);
  }
  const answers = path.join(bin, 'answers.json');
  await writeFile(answers, JSON.stringify(failing));
  return bench().run(['update', '--refresh', '--check', '--nixpkgs', '/nixpkgs', '--json', ...args], {
    PATH: bin,
    MADE_UP_NIX: answers,
  });
}

interface Told {
  readonly packages: readonly { readonly name: string; readonly next: string; readonly heldBack: readonly string[] }[];
  readonly notes: readonly { readonly text: string; readonly project?: string }[];
}

function toldBy({ stdout }: CommandOutcome): Told {
  const told: Told = JSON.parse(stdout);
  return told;
}

beforeEach(async () => {
  await serveOldDays(bench());
  await bench().run(['init']);
  await bench().run(['add', 'made-up-kettle[warm]', 'made-up-tray']);
  await serveNewDays(bench());
}, 60_000);

describe('update --check', () => {
  it('keeps the old version of what does not build, tells why, and writes the others', async () => {
    const outcome = await checked({ 'lid.*-2[.]0[.]drv': "ModuleNotFoundError: No module named 'spoon'\n" }, '-w');
    expect(outcome.code, outcome.stderr).toBe(0);
    const { packages } = toldBy(outcome);
    expect(packages.map(({ name, next }) => `${name} ${next}`)).toEqual([
      'made-up-kettle 1.1',
      'made-up-lid 1.0',
      'made-up-saucer 1.0',
      'made-up-tray 1.2',
    ]);
    expect(packages[1]?.heldBack.join()).toMatch(/^2\.0 does not build: .*spoon/u);
    const files = await treeAt(bench().folder);
    expect(files.get('pkgs/made-up-lid/default.nix')).toContain('version = "1.0"');
    expect(files.get('pkgs/made-up-tray/default.nix')).toContain('version = "1.2"');
  });

  it('keeps the old version of what another package does not build with', async () => {
    const outcome = await checked({ 'spoon-|spout-': 'no water\n' }, '-w');
    const kettle = toldBy(outcome).packages[0];
    expect(kettle?.next).toBe('1.0');
    expect(kettle?.heldBack).toEqual(['made-up-spout does not build with 1.1: no water']);
    expect([...(await treeAt(bench().folder)).keys()]).not.toContain('pkgs/made-up-spout/default.nix');
  });

  it('does not hold an update back because of what did not build before', async () => {
    // The kettle needs the lid, whose update alone is asked for.
    const outcome = await checked({ '-made-up-kettle-': 'no fire\n' }, 'made-up-lid');
    const { packages, notes } = toldBy(outcome);
    expect(packages).toMatchObject([{ name: 'made-up-lid', next: '2.0' }]);
    expect(notes).toContainEqual(
      expect.objectContaining({ project: 'made-up-kettle', text: 'it does not build, and did not before the update' }),
    );
  });

  it('leaves no copy of the repository behind, and touches nothing without -w', async () => {
    const copies = async (): Promise<number> =>
      (await readdir(os.tmpdir())).filter((name) => name.startsWith('pypi2nix-update-')).length;
    const count = await copies();
    const before = await treeAt(bench().folder);
    await checked({});
    expect(await treeAt(bench().folder)).toEqual(before);
    expect(await copies()).toBe(count);
  });
});
