import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Of } from '../support/archives.ts';
import { gate } from '../support/http-server.ts';
import { htmlPage, saucer, sdist, wheel } from './support/kitchen.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

async function write(file: string, text: string): Promise<void> {
  await writeFile(path.join(bench().folder, file), text);
}

function page(name: string, files: readonly object[], extra: object = {}): void {
  bench().server.on(`/simple/${name}/`, {
    headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' },
    body: JSON.stringify({ meta: { 'api-version': '1.1' }, name, files, ...extra }),
  });
}

/** Serves a file and gives its entry on a page. */
function served({ filename, bytes }: { filename: string; bytes: Uint8Array }): {
  filename: string;
  url: string;
  hashes: { sha256: string };
} {
  bench().server.on(`/files/${filename}`, { body: bytes });
  return { filename, url: `../../files/${filename}`, hashes: { sha256: sha256Of(bytes) } };
}

describe('with --format wheel', () => {
  it('a broken sdist beside a wheel that fits does not matter', async () => {
    const broken = { filename: 'made-up-saucer-1.0.tar.gz', bytes: Buffer.from('no archive') };
    bench().index.project('made-up-saucer', [broken, wheel('made-up-saucer', '1.0')]);

    const outcome = await bench().run(['made-up-saucer', '--format', 'wheel']);
    expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining('format = "wheel"') });
    expect(bench().server.requests.filter(({ path }) => path.endsWith('.tar.gz'))).toEqual([]);
  });
});

describe('credentials in a requirement', () => {
  it.each([
    ['git+https://u:secret-word@host.test/r'],
    ['it @ https://u:secret-word@host.test/it.zip'],
    ['it @@ https://u:secret-word@host.test/it.zip'],
    ['it >= https://host.test/?token=secret-word'],
  ])('are not shown with %s, on the command line or in a file', async (text) => {
    await write('asked.txt', `${text}\n`);
    for (const args of [
      ['--', text],
      ['-r', 'asked.txt'],
    ]) {
      const { code, stderr } = await bench().run(args);
      expect(code).toBe(65);
      expect(stderr).toMatch(/^error: /mu);
      expect(stderr).not.toMatch(/secret|word/u);
    }
  });
});

describe('a run that fails', () => {
  it('shows the notes that came before the error, but not with --quiet', async () => {
    page('made-up-saucer', [served(await saucer())], {
      'project-status': { status: 'quarantined', reason: 'malware' },
    });

    const { code, stderr } = await bench().run(['made-up-saucer']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^warning: made-up-saucer: .*quarantined.*: malware\nerror: /mu);
    expect((await bench().run(['made-up-saucer', '-q'])).stderr).not.toContain('malware');
  });

  it('says what a project has that cannot be used', async () => {
    const other = ['made_up_saucer-1.0-py3.7.egg', 'made_up_saucer-1.1-py3.7.egg', 'made-up-saucer-1.0.exe'];
    page(
      'made-up-saucer',
      other.map((filename) => ({ filename, url: `../../files/${filename}`, hashes: {} })),
    );

    const { code, stderr } = await bench().run(['made-up-saucer']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /made-up-saucer: .*no file of it that could be used: 1 Windows installer and 2 eggs passed over/u,
    );
  });

  it('does so when an index fails that is asked where a check input leads', async () => {
    const kettle = await sdist('made-up-kettle', '1.0', {
      files: { 'tests/test_it.py': 'import pytest\nimport pytest_golden\n' },
      metadata: ['Provides-Extra: test', 'Requires-Dist: pytest-golden; extra == "test"'],
    });
    bench().index.project('made-up-kettle', [kettle]);
    bench().server.on('/simple/pytest-golden/', { status: 403 });

    const { code, stdout, stderr } = await bench().run(['made-up-kettle']);
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr).toContain('E_INDEX_DENIED');
  });
});

it('a run whose archives cannot all be had ends when the others are written, or gone', async () => {
  const other = await sdist('made-up-other', '1.0');
  const file = await saucer();
  const [lost = ''] = bench().index.project('made-up-saucer', [file]);
  const [slow = ''] = bench().index.project('made-up-other', [other]);
  const pause = gate();
  bench().server.on(lost, { body: file.bytes }, { status: 404 });
  bench().server.on(slow, { body: other.bytes }, { body: other.bytes, pauseFor: pause.opened });

  const running = bench().run(['made-up-saucer', 'made-up-other', '--archives', 'out']);
  await expect.poll(() => bench().server.count(lost)).toBe(2);
  await expect.poll(() => bench().server.count(slow)).toBe(2);
  pause.open();
  expect((await running).code).toBe(69);
  expect(await readdir(path.join(bench().folder, 'out'))).toEqual([other.filename]);
});

describe('a note tells', () => {
  it('of files that were dropped because they are malformed', async () => {
    const file = await saucer();
    const bad = { filename: 'made-up-saucer-9.0.tar.gz', url: '../../files/x', hashes: { sha256: 'abc' } };
    page('made-up-saucer', [served(file), bad]);

    const { code, stderr } = await bench().run(['made-up-saucer']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^note: made-up-saucer: passed over on .*: 1 file with a malformed sha256$/mu);
  });

  it('of a requires-python that cannot be read', async () => {
    page('made-up-saucer', [{ ...served(await saucer()), 'requires-python': 'three' }]);

    expect((await bench().run(['made-up-saucer'])).stderr).toMatch(
      /requires-python "three" of made-up-saucer cannot be read/u,
    );
  });

  it('that an index gives no sha256', async () => {
    const file = await saucer();
    bench().server.on('/files/saucer', { body: file.bytes });
    const html = htmlPage([{ file, address: '../../files/saucer' }]).replace(/#sha256=[0-9a-f]+/gu, '');
    bench().server.on('/simple/made-up-saucer/', { headers: { 'content-type': 'text/html' }, body: html });

    const { code, stderr } = await bench().run(['made-up-saucer']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: made-up-saucer: .* gives no sha256 of .*, so nothing could be checked/mu);
  });

  it('that a local file is taken for PyPI’s', async () => {
    const file = await saucer();
    await mkdir(path.join(bench().folder, 'links'));
    await writeFile(path.join(bench().folder, 'links', file.filename), file.bytes);

    const { code, stderr } = await bench().run(['made-up-saucer', '--find-links', 'links']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^note: made-up-saucer: .* is taken for PyPI's file of that name; add it with nix-store/mu);
  });
});

describe('a requirements file', () => {
  it.each(['sha384', 'sha512'])('with %s alone is refused, since it would not be checked', async (algorithm) => {
    const digest = '0'.repeat(algorithm === 'sha384' ? 96 : 128);
    await write('asked.txt', `made-up-saucer==1.0 --hash=${algorithm}:${digest}\n`);

    const { code, stderr } = await bench().run(['-r', 'asked.txt']);
    expect(code).toBe(65);
    expect(stderr).toMatch(/asked\.txt:1: only sha256 is checked.*E_HASH_NOT_CHECKED/u);
  });

  it('with a sha256 beside another digest is checked by it', async () => {
    const file = await saucer();
    bench().index.project('made-up-saucer', [file]);
    const version = /-([\d.]+)\.tar/u.exec(file.filename)?.[1];
    await write(
      'asked.txt',
      `made-up-saucer==${version} --hash=sha512:${'0'.repeat(128)} --hash=sha256:${sha256Of(file.bytes)}\n`,
    );

    expect((await bench().run(['-r', 'asked.txt'])).code).toBe(0);
  });

  it('that asks for nothing is wrong use', async () => {
    await write('empty.txt', '# nothing\n');
    const { code, stderr } = await bench().run(['-r', 'empty.txt']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no requirement is given: empty\.txt asks for nothing \[E_USAGE\]/u);
  });

  it('is named when a file that it includes is missing', async () => {
    await write('asked.txt', '-r gone.txt\n');
    expect((await bench().run(['-r', 'asked.txt'])).stderr).toMatch(/asked\.txt:1: .*gone\.txt cannot be read/u);
  });
});

describe('a damaged cache', () => {
  it.each(['sdists', 'pages'])('a record of %s with a wrong shape is read anew', async (bucket) => {
    bench().index.project('made-up-saucer', [await saucer()]);
    const first = await bench().run(['made-up-saucer']);
    const folder = path.join(bench().folder, '.home', 'cache', bucket);
    const [name = ''] = await readdir(folder);
    const record = { form: 1, key: 'x', etag: null, fetchedAt: 1, value: { tests: 1, modules: 2, unknowns: 3 } };
    for (const text of [JSON.stringify(record), `${JSON.stringify(record)}\n${JSON.stringify(record.value)}`]) {
      await writeFile(path.join(folder, name), text);
      const again = await bench().run(['made-up-saucer']);
      expect(again).toMatchObject({ code: 0, stdout: first.stdout });
      expect(again.stderr).toContain('a damaged record of the cache was removed');
    }
  });
});

it('the command may stand after an option', async () => {
  bench().index.project('made-up-saucer', [await saucer()]);
  expect((await bench().run(['--pre', 'generate', 'made-up-saucer'])).code).toBe(0);
});
