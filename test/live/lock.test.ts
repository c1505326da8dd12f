import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { parsePylock } from '../../src/pep/pylock.ts';
import { NETWORK_TIMEOUT, useRealRuns } from './support/real-run.ts';

const PIP = 'pip==26.3';
const UV = 'uv==0.13.9';

const execute = promisify(execFile);

describe('pypi2nix lock toolz datashape', () => {
  const pypi = useRealRuns();
  const environment = { ...process.env, UV_PYTHON_DOWNLOADS: 'never', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  let bin = '';
  let python = '';
  let locked: readonly string[] = [];

  /** Runs a program of the virtual environment in the folder of the lock file; what it says on both streams. */
  async function said(program: string, ...args: readonly string[]): Promise<string> {
    const { stdout, stderr } = await execute(join(bin, program), args, { cwd: pypi.folder, env: environment });
    return stdout + stderr;
  }

  beforeAll(async () => {
    const venv = join(pypi.folder, 'venv');
    bin = join(venv, 'bin');
    await execute(await interpreter(), ['-m', 'venv', venv]);
    await said('python', '-m', 'pip', 'install', '--quiet', PIP, UV);
    python = (await said('python', '-c', 'import sys; print("%d.%d" % sys.version_info[:2])')).trim();
    await pypi.run(['lock', 'toolz', 'datashape', '--python', python, '-o', 'pylock.toml']);
    const { packages } = parsePylock(await readFile(join(pypi.folder, 'pylock.toml'), 'utf8'), 'pylock.toml');
    locked = packages.map(({ name, version }) => `${name}-${version}`);
  }, NETWORK_TIMEOUT);

  it('locks what both lead to', () => {
    const names = locked.map((each) => each.replace(/-[^-]*$/u, ''));
    expect(names).toEqual(
      expect.arrayContaining(['datashape', 'multipledispatch', 'numpy', 'python-dateutil', 'toolz']),
    );
  });

  it('is read by pip', async () => {
    const text = await said('python', '-m', 'pip', 'install', '--dry-run', '-r', 'pylock.toml');
    const would = /^Would install (.*)$/mu.exec(text)?.[1]?.split(' ') ?? [];
    expect(would.toSorted()).toEqual(locked.toSorted());
  });

  it('is read by uv', async () => {
    const text = await said('uv', 'pip', 'install', '--dry-run', '-r', 'pylock.toml', '-p', join(bin, 'python'));
    const would = [...text.matchAll(/^ \+ (\S+)==(\S+)/gmu)].map(([, name, version]) => `${name}-${version}`);
    expect(would.toSorted()).toEqual(locked.toSorted());
  });
});

/** The setup.py of datashape, which pip runs for its metadata, needs what Python 3.12 took out of configparser. */
async function interpreter(): Promise<string> {
  for (const name of ['python3.11', 'python3.10', 'python3']) {
    const found = await execute(name, ['--version']).catch(() => null);
    if (found !== null && / 3\.1[01]\./u.test(found.stdout)) return name;
  }
  throw new Error('this test needs Python 3.10 or 3.11');
}
