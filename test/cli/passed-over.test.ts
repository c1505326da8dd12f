import { describe, expect, it } from 'vitest';
import { parsePylock } from '../../src/pep/pylock.ts';
import type { MadeUpFile } from '../support/made-up-index.ts';
import { sdist, wheel } from './support/kitchen.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

/** Locks `made-up-cup` among these files: its versions, and what was told. */
async function lock(...files: readonly MadeUpFile[]): Promise<{ versions: readonly string[]; stderr: string }> {
  bench().index.project('made-up-cup', files);
  const target = ['--python', '3.13', '--platform', 'x86_64-linux'];
  const { code, stdout, stderr } = await bench().run(['lock', ...target, 'made-up-cup']);
  if (code !== 0) return { versions: [], stderr };
  return { versions: parsePylock(stdout, 'pylock.toml').packages.map(({ version }) => version ?? ''), stderr };
}

describe('a release that cannot be used', () => {
  it('is passed over when its wheel is damaged, and a note tells it', async () => {
    const damaged = { ...wheel('made-up-cup', '2.0'), bytes: new TextEncoder().encode('no wheel') };
    const { versions, stderr } = await lock(damaged, wheel('made-up-cup', '1.0'));

    expect(versions).toEqual(['1.0']);
    expect(stderr).toContain(
      'made-up-cup 2.0 was passed over: cannot be read: the wheel made_up_cup-2.0-py3-none-any.whl',
    );
  });

  it('is passed over when it has a requirement that is none', async () => {
    const wrong = wheel('made-up-cup', '2.0', { lines: ['Requires-Dist: saucer (== very new)'] });
    const { versions, stderr } = await lock(wrong, wheel('made-up-cup', '1.0'));

    expect(versions).toEqual(['1.0']);
    expect(stderr).toContain(
      'made-up-cup 2.0 was passed over: has the requirement "saucer (== very new)", which is not valid',
    );
  });

  it('is passed over when its own metadata exclude the interpreter and the page says nothing', async () => {
    const young = wheel('made-up-cup', '2.0', { lines: ['Requires-Python: >=3.14'] });
    const { versions, stderr } = await lock(young, wheel('made-up-cup', '1.0'));

    expect(versions).toEqual(['1.0']);
    expect(stderr).toContain('made-up-cup 2.0 was passed over: requires Python >=3.14');
  });

  it('is told as the reason when there is no other', async () => {
    const { versions, stderr } = await lock(wheel('made-up-cup', '2.0', { lines: ['Requires-Python: >=3.14'] }));

    expect(versions).toEqual([]);
    expect(stderr).toContain('made-up-cup 2.0 requires Python >=3.14');
  });

  it('ends the run when its file is another than the index announces', async () => {
    const exchanged = { ...wheel('made-up-cup', '2.0'), sha256: '0'.repeat(64) };
    const { versions, stderr } = await lock(exchanged, wheel('made-up-cup', '1.0'));

    expect(versions).toEqual([]);
    expect(stderr).toContain('E_DIGEST_MISMATCH');
  });
});

describe('a slip in a requirement', () => {
  it('is mended with a note where its meaning is plain', async () => {
    bench().index.project('made-up-saucer', [wheel('made-up-saucer', '1.5'), wheel('made-up-saucer', '2.5')]);
    const lines = ['Requires-Dist: made-up-saucer (>=1.0<2)'];
    const { versions, stderr } = await lock(wheel('made-up-cup', '1.0', { lines }));

    expect(versions).toEqual(['1.0', '1.5']);
    expect(stderr).toContain('has a missing comma and is read as "made-up-saucer (>=1.0,<2)"');
  });
});

describe('a release whose wheels are for other platforms', () => {
  it('is chosen for its sdist, by the metadata of a wheel', async () => {
    bench().index.project('made-up-saucer', [wheel('made-up-saucer', '1.5')]);
    const windows = wheel('made-up-cup', '1.0', {
      tag: 'cp313-cp313-win_amd64',
      lines: ['Requires-Dist: made-up-saucer'],
    });
    const { versions } = await lock(windows, await sdist('made-up-cup', '1.0', { metadata: [] }));

    expect(versions).toEqual(['1.0', '1.5']);
  });
});
