import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gzip, makeSdist, makeTar, makeTarGz } from '../support/archives.ts';
import { type CommandBench, type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

const PKG_INFO = 'Metadata-Version: 2.2\nName: it\nVersion: 1.0\nSummary: It.\nLicense-Expression: MIT\n';
const PYPROJECT = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n';

async function goodSdist(
  name = 'it',
  version = '1.0',
  metadata = '',
): Promise<{ filename: string; bytes: Uint8Array }> {
  return makeSdist(name, version, {
    'PKG-INFO': `Metadata-Version: 2.2\nName: ${name}\nVersion: ${version}\nLicense-Expression: MIT\n${metadata}`,
    'pyproject.toml': PYPROJECT,
    [`${name}/__init__.py`]: '',
  });
}

function expectFailure(outcome: CommandOutcome, expected: { code: number; error: RegExp }): void {
  expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code: expected.code, stdout: '' });
  const errors = outcome.stderr.split('\n').filter((line) => line.startsWith('error:'));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(expected.error);
  expect(outcome.stderr).not.toMatch(/\n {4}at /u);
}

/** A tar.gz of some kilobytes whose one member is so many GiB of zeros: the zeros are one piece of gzip, repeated. */
async function bomb(gibibytes: number): Promise<Uint8Array> {
  const header = Buffer.from((await makeTar({ 'it-1.0/zeros': 'x' })).subarray(0, 512));
  header.write(`${(gibibytes * 1024 ** 3).toString(8).padStart(11, '0')} `, 124);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const zeros = gzip(new Uint8Array(16 * 1024 ** 2));
  return Buffer.concat([gzip(header), ...Array.from({ length: gibibytes * 64 }, () => zeros)]);
}

async function cachedFacts({ folder }: CommandBench): Promise<string[]> {
  return readdir(path.join(folder, '.home', 'cache', 'sdists')).catch(() => []);
}

describe('a request that cannot be met', () => {
  it('names a project that no index has', async () => {
    expectFailure(await bench().run(['nothing-here']), { code: 1, error: /nothing-here.*E_NO_SUCH_PROJECT/u });
  });

  it('reports every requirement that fails', async () => {
    bench().index.project('it', [await goodSdist()]);
    const { code, stdout, stderr } = await bench().run(['missing-one', 'it==9', 'missing-two']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.match(/^error: .*$/gmu)?.map((line) => /\[(\w+)\]/u.exec(line)?.[1])).toEqual([
      'E_NO_SUCH_PROJECT',
      'E_NO_MATCHING_VERSION',
      'E_NO_SUCH_PROJECT',
    ]);
  });

  it('names a version that is not there, with those that are', async () => {
    bench().index.project('it', [await goodSdist()]);
    const outcome = await bench().run(['it==2.0']);
    expectFailure(outcome, { code: 1, error: /it matches ==2\.0: its versions are 1\.0 \[E_NO_MATCHING_VERSION\]/u });
  });

  it('explains requirements that exclude each other', async () => {
    bench().index.project('a', [await goodSdist('a', '1.0', 'Requires-Dist: base<2\n')]);
    bench().index.project('b', [await goodSdist('b', '1.0', 'Requires-Dist: base>=2\n')]);
    bench().index.project('base', [await goodSdist('base', '1.0'), await goodSdist('base', '2.0')]);
    const outcome = await bench().run(['a', 'b', '--nixpkgs', 'none']);
    expectFailure(outcome, { code: 1, error: /E_UNSATISFIABLE/u });
    expect(outcome.stderr).toMatch(/a 1\.0 depends on base<2|a depends on base<2|base<2/u);
  });
});

describe('wrong use', () => {
  it.each([
    [['--no-such-option', 'it'], /unknown option/u],
    [[], /no requirement is given/u],
    [['it', '--deps', 'some'], /--deps/u],
    [['it', '--release', '16.3'], /16\.3/u],
    [['it', '--python', 'three'], /three/u],
    [['it', '--as-of', '2026-02-31'], /2026-02-31/u],
    [['it', '--format', 'egg'], /egg/u],
    [['it', '--jobs', '0'], /jobs/u],
    [['it', '--json', '-o', 'out'], /--json and --output/u],
    [['it', '--as-of', '2024-02-30T00:00:00Z'], /2024-02-30/u],
    [['it', '-o', ''], /output.*empty/u],
    [['it', '--archives', ''], /archives.*empty/u],
    [['it', '--index-url', ''], /index-url.*empty/u],
    [['it', '--extra-index-url', ' '], /extra-index-url.*empty/u],
    [['it', '--find-links', ''], /find-links.*empty/u],
    [['it', '--overrides', ''], /overrides.*empty/u],
    [['-r', ''], /requirement.*empty/u],
    [['--offline', 'generate'], /no requirement is given/u],
  ])('%j is refused with exit 2', async (args, error) => {
    expectFailure(await bench().run(args), { code: 2, error });
    expect(bench().server.requests).toEqual([]);
  });

  it.each(['-bad', 'na me', 'näme', 'it>=', 'it[', 'it;python_version', '$(touch x)'])(
    '%s is no requirement',
    async (text) => {
      expectFailure(await bench().run(['--', text]), { code: 65, error: /E_INVALID_\w+/u });
      expect(bench().server.requests).toEqual([]);
    },
  );

  it('shows the place in a requirement that is wrong', async () => {
    expect((await bench().run(['it>=1,!2'])).stderr).toMatch(/it>=1,!2\n\s+~*\^/u);
  });
});

describe('an index that fails', () => {
  it('ends the run when it answers an HTML error page in place of the JSON', async () => {
    bench().server.on('/simple/it/', {
      headers: { 'content-type': 'text/html' },
      body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
    });
    expectFailure(await bench().run(['it']), { code: 65, error: /E_BAD_INDEX_PAGE/u });
  });

  it('ends the run when nobody listens there', async () => {
    const outcome = await bench().run(['it'], { PIP_INDEX_URL: 'http://index.test.invalid/simple/' });
    expectFailure(outcome, { code: 69, error: /E_INDEX_UNAVAILABLE/u });
  });

  it('asks for credentials when access is denied, and never shows those it has', async () => {
    bench().server.on('/simple/it/', { status: 403 });
    const url = new URL(bench().index.url);
    const outcome = await bench().run(['it', '--index-url', `http://user:secret-word@${url.host}/simple/`]);
    expectFailure(outcome, { code: 69, error: /E_INDEX_DENIED/u });
    expect(outcome.stderr).not.toContain('secret-word');
  });
});

describe('an archive that cannot be trusted', () => {
  async function outcomeFor(bytes: Uint8Array, sha256?: string): Promise<CommandOutcome> {
    bench().index.project('it', [{ filename: 'it-1.0.tar.gz', bytes, ...(sha256 === undefined ? {} : { sha256 }) }]);
    return bench().run(['it']);
  }

  it('has another digest than the index says', async () => {
    expectFailure(await outcomeFor((await goodSdist()).bytes, '0'.repeat(64)), {
      code: 65,
      error: /it-1\.0\.tar\.gz.*E_DIGEST_MISMATCH/u,
    });
    expect(await cachedFacts(bench())).toEqual([]);
  });

  it('is truncated', async () => {
    const { bytes } = await goodSdist();
    expectFailure(await outcomeFor(bytes.slice(0, bytes.length - 40)), {
      code: 65,
      error: /it-1\.0\.tar\.gz.*E_BAD_ARCHIVE/u,
    });
    expect(await cachedFacts(bench())).toEqual([]);
  });

  it('is no archive', async () => {
    expectFailure(await outcomeFor(Buffer.from('<!doctype html><p>Not found</p>')), {
      code: 65,
      error: /E_BAD_ARCHIVE/u,
    });
  });

  it('would unpack to gigabytes', async () => {
    expectFailure(await outcomeFor(await bomb(3)), { code: 65, error: /E_BAD_ARCHIVE/u });
  });

  it('has members outside of it', async () => {
    const bytes = await makeTarGz({ 'it-1.0/PKG-INFO': PKG_INFO, '../../evil': 'x' });
    const outcome = await outcomeFor(bytes);
    expectFailure(outcome, { code: 65, error: /E_BAD_ARCHIVE/u });
    expect(await cachedFacts(bench())).toEqual([]);
  });

  it('is an archive but no sdist', async () => {
    expectFailure(await outcomeFor(await makeTarGz({ 'it-1.0/notes.txt': 'x' })), {
      code: 65,
      error: /E_NOT_AN_SDIST/u,
    });
  });

  it('is read anew after a failure, which the cache does not keep', async () => {
    const good = await goodSdist();
    expect((await outcomeFor(good.bytes, '0'.repeat(64))).code).toBe(65);
    bench().index.project('it', [good]);
    expect((await bench().run(['it', '--refresh'])).code).toBe(0);
  });

  it('leaves no file in the folder of -o', async () => {
    bench().index.project('it', [{ filename: 'it-1.0.tar.gz', bytes: Buffer.from('no archive') }]);
    const outcome = await bench().run(['it', '-o', 'out']);
    expect(outcome.code).toBe(65);
    expect(await readFile(path.join(bench().folder, 'out', 'default.nix'), 'utf8').catch(() => null)).toBeNull();
  });
});
