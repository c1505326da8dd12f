import { describe, expect, it } from 'vitest';
import { sdist } from './support/kitchen.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

async function publish(name: string, lines: readonly string[], requiresPython?: string): Promise<void> {
  const file = await sdist(name, '1.0', { metadata: ['License-Expression: MIT', ...lines] });
  bench().index.project(name, [requiresPython === undefined ? file : { ...file, requiresPython }]);
}

describe('requirements with markers', () => {
  it('of several extras at once go to each of these extras and to nothing else', async () => {
    await publish('made-up-lamp', [
      'Provides-Extra: a',
      'Provides-Extra: b',
      'Requires-Dist: six; extra == "a" or extra == "b"',
      'Requires-Dist: toml; python_version < "3" and (extra == "a" or extra == "b")',
    ]);

    const { code, stdout } = await bench().run(['-q', 'made-up-lamp']);

    expect(code).toBe(0);
    expect(stdout).toContain('a = [ six ];');
    expect(stdout).toContain('b = [ six ];');
    expect(stdout).not.toContain('toml');
    expect(stdout).not.toMatch(/^ +dependencies = /mu);
  });

  it('of an extra that the release itself requires are run-time dependencies', async () => {
    await publish('made-up-lamp', [
      'Requires-Dist: made-up-lamp[b]',
      'Provides-Extra: b',
      'Requires-Dist: six; extra == "b"',
    ]);

    const { code, stdout } = await bench().run(['-q', 'made-up-lamp']);

    expect(code).toBe(0);
    expect(stdout).toContain('dependencies = [ six ];');
  });

  it('that name an address are inputs by their name, with a note', async () => {
    await publish('made-up-lamp', ['Requires-Dist: six @ https://me:secret@files.test/six-1.0.tar.gz']);

    const { code, stdout, stderr } = await bench().run(['made-up-lamp']);

    expect(code).toBe(0);
    expect(stdout).toContain('dependencies = [ six ];');
    expect(stderr).toContain('the address that six is required from is passed over');
    expect(stdout + stderr).not.toContain('secret');
  });
});

describe('requires-python', () => {
  it('disables the interpreters below its lower bound, which a note names', async () => {
    await publish('made-up-lamp', [], '>=3.13,<3.14');

    const { code, stdout, stderr } = await bench().run(['made-up-lamp']);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /note: made-up-lamp: is disabled on Python .*3\.12.*, which requires-python >=3\.13,<3\.14 excludes/u,
    );
    expect(stdout).toContain('disabled = pythonOlder "3.13";');
  });

  it('disables nothing above its upper bound', async () => {
    await publish('made-up-lamp', [], '<3.12');

    const { code, stdout, stderr } = await bench().run(['made-up-lamp']);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('disabled')]);
    expect(stdout).not.toContain('disabled');
  });

  it('does not drop requirements of interpreters beyond its upper bound', async () => {
    await publish('made-up-lamp', ['Requires-Dist: six; python_version >= "3.13"'], '>=3.11,<3.13');

    const { code, stdout } = await bench().run(['-q', '--python', '3.13', 'made-up-lamp']);
    expect(code).toBe(0);
    expect(stdout).toContain('dependencies = [ six ];');
  });
});
