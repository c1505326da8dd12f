import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { sha256Of } from '../support/archives.ts';
import { expressionOf, type MadeRelease, madeRelease, messagesOf } from './support/made-projects.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

/** Serves releases by `NAME VERSION`, and gives the digest of each. */
async function serve(releases: Readonly<Record<string, MadeRelease>>): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  const byProject = new Map<string, Awaited<ReturnType<typeof madeRelease>>[]>();
  for (const [label, made] of Object.entries(releases)) {
    const [name = '', version = ''] = label.split(' ');
    const file = await madeRelease(name, version, made);
    digests.set(label, sha256Of(file.bytes));
    byProject.set(name, [...(byProject.get(name) ?? []), file]);
  }
  for (const [name, files] of byProject) bench().index.project(name, files);
  return digests;
}

/** Writes a hashed requirements file, `lock.txt`, of some releases. */
async function lock(labels: readonly string[], digests: ReadonlyMap<string, string>): Promise<void> {
  const lines = labels.map((label) => {
    const [name, version] = label.split(' ');
    return `${name}==${version} --hash=sha256:${digests.get(label) ?? '0'.repeat(64)}\n`;
  });
  await writeFile(path.join(bench().folder, 'lock.txt'), lines.join(''));
}

const run = (...args: readonly string[]): Promise<CommandOutcome> =>
  bench().run([...args, '--lock', 'lock.txt', '--color', 'never']);

/** Messages with lines joined that are broken for the width of a terminal. */
const failure = async (...args: readonly string[]): Promise<string> => {
  const outcome = await run(...args);
  expect(outcome).toMatchObject({ stdout: '' });
  return `${outcome.code}: ${messagesOf(outcome).join('\n')}`;
};

const versionOf = (name: string, outcome: CommandOutcome): string | undefined =>
  /version = "(.*)";/u.exec(expressionOf(name, outcome))?.[1];

it('the versions of a lock are taken, whatever newer ones there are, for what runs and for what builds', async () => {
  const digests = await serve({
    'tea 1.0': { requires: ['made-up-spoon'], build: ['setuptools', 'made-up-forge', 'made-up-anvil>=2'] },
    'tea 2.0': {},
    'made-up-spoon 1.0': {},
    'made-up-spoon 2.0': {},
    'made-up-forge 1.0': {},
    'made-up-forge 2.0': {},
    'made-up-anvil 1.0': {},
    'made-up-anvil 2.0': {},
  });
  await lock(['tea 1.0', 'made-up-spoon 1.0', 'made-up-anvil 1.0'], digests);
  const outcome = await run('tea');
  expect({ code: outcome.code, messages: messagesOf(outcome) }).toEqual({
    code: 0,
    messages: ['warning: tea: to be built it asks for made-up-anvil>=2, and 1.0 is used'],
  });
  const versions = ['tea', 'made-up-spoon', 'made-up-forge', 'made-up-anvil'].map((name) => versionOf(name, outcome));
  expect(versions).toEqual(['1.0', '1.0', '2.0', '1.0']);
});

it('without requirements what the lock was made for is generated', async () => {
  const digests = await serve({ 'tea 1.0': { requires: ['made-up-spoon'] }, 'made-up-spoon 1.0': {} });
  await lock(['tea 1.0', 'made-up-spoon 1.0'], digests);
  const outcome = await run();
  expect(outcome.code).toBe(0);
  expect(versionOf('made-up-spoon', outcome)).toBe('1.0');
});

it('all that a lock lacks is told with the requirements that ask for it', async () => {
  const digests = await serve({
    'tea 1.0': { requires: ['made-up-spoon>=1', 'made-up-cup; python_version < "3"'] },
    'coffee 1.0': { requires: ['made-up-bean[roast]'] },
    'made-up-bean 1.0': { extras: { roast: ['made-up-oven~=2.0'] } },
  });
  await lock(['tea 1.0', 'coffee 1.0', 'made-up-bean 1.0'], digests);
  expect(await failure('tea', 'coffee')).toBe(
    `1: error: made-up-bean 1.0 requires made-up-oven~=2.0, and lock.txt has no made-up-oven [E_NOT_IN_LOCK]
error: tea 1.0 requires made-up-spoon>=1, and lock.txt has no made-up-spoon [E_NOT_IN_LOCK]
hint: make the lock file again with the program that wrote it, or narrow the targets with --python and --platform to those that it is for`,
  );
});

it('a version of a lock that does not meet a requirement is told with both lines', async () => {
  const digests = await serve({
    'tea 1.0': { requires: ['made-up-spoon>=2'] },
    'made-up-spoon 1.0': {},
    'made-up-spoon 2.0': {},
  });
  await lock(['tea 1.0', 'made-up-spoon 1.0'], digests);
  expect(await failure('tea')).toBe(
    `1: error: tea 1.0 requires made-up-spoon>=2, and lock.txt pins made-up-spoon==1.0 [E_LOCK_MISMATCH]
hint: make the lock file again with the program that wrote it, or change what you ask for`,
  );
  expect(await failure('made-up-spoon>=2')).toBe(
    `1: error: you ask for made-up-spoon>=2, and lock.txt pins made-up-spoon==1.0 [E_LOCK_MISMATCH]
hint: make the lock file again with the program that wrote it, or change what you ask for`,
  );
});

it('a version of a lock that no index has is told', async () => {
  await serve({ 'tea 1.0': {} });
  await lock(['tea 1.5'], new Map());
  expect(await failure('tea')).toBe(
    `1: error: lock.txt pins tea 1.5, which cannot be used: no index has that version [E_LOCKED_VERSION]
hint: make the lock file again with the program that wrote it, or name the index that has the version`,
  );
});

it('an archive with another digest than that of the lock ends the run', async () => {
  const digests = await serve({ 'tea 1.0': {} });
  await lock(['tea 1.0'], new Map());
  expect(await failure('tea')).toBe(
    `1: error: tea-1.0.tar.gz has the sha256 ${digests.get('tea 1.0')}, which lock.txt does not have [E_HASH_NOT_ADMITTED]
hint: make the lock file with the hashes of all files, sdists too, or take a file that it has with --format tea:wheel`,
  );
});

it('a project that the set has in another version than the lock is generated', async () => {
  const digests = await serve({ 'tea 1.0': { requires: ['six'] }, 'six 1.16.0': {} });
  await lock(['tea 1.0', 'six 1.16.0'], digests);
  const outcome = await run('tea', '--release', '16.03');
  expect(messagesOf(outcome)).toEqual([
    'note: six: six is generated: the package set has 1.10.0, lock.txt pins 1.16.0',
  ]);
  expect(outcome.stdout).toContain('  six = buildPythonPackage rec {');
});

it('a project whose version in the set is not known counts as that of the lock, and is told as not checked', async () => {
  const digests = await serve({ 'tea 1.0': { requires: ['six>=1'] }, 'six 1.16.0': {} });
  await lock(['tea 1.0', 'six 1.16.0'], digests);
  const outcome = await run('tea');
  expect(outcome.stdout).toContain('not checked: six==1.16.0\n');
});

it('--prefer takes the versions of a lock where they fit, and others where they do not', async () => {
  const digests = await serve({
    'tea 1.0': { requires: ['made-up-spoon', 'made-up-cup>=2'] },
    'made-up-spoon 1.0': {},
    'made-up-spoon 2.0': {},
    'made-up-cup 1.0': {},
    'made-up-cup 2.0': {},
  });
  await lock(['made-up-spoon 1.0', 'made-up-cup 1.0'], digests);
  const outcome = await bench().run(['tea', '--prefer', 'lock.txt']);
  expect(outcome.code).toBe(0);
  expect([versionOf('made-up-spoon', outcome), versionOf('made-up-cup', outcome)]).toEqual(['1.0', '2.0']);
});
