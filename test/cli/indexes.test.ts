import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server, request as sendRequest } from 'node:http';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../support/archives.ts';
import { type MadeUpIndex, madeUpIndex } from '../support/made-up-index.ts';
import { htmlPage, saucer } from './support/kitchen.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();
const USER = { username: 'cook', password: 'secret-word' };

/** A second index on the server of the bench, whose files lie under paths of their own. */
function ownIndex(prefix: string): MadeUpIndex {
  return madeUpIndex(bench().server, { prefix, own: true });
}

function versionIn(outcome: CommandOutcome): string | undefined {
  return /version = "(.*)";/u.exec(outcome.stdout)?.[1];
}

async function inFolder(file: string, content: string | Uint8Array): Promise<string> {
  const whole = path.join(bench().folder, file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, content);
  return whole;
}

/** All texts of the cache of the bench as one. */
async function cachedText(): Promise<string> {
  const root = path.join(bench().folder, '.home');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(path.join(file.parentPath, file.name), 'utf8')))).join('\n');
}

/** Serves `made-up-saucer` at the address of the bench's index, for those alone who sign their requests. */
async function lockedIndex(): Promise<void> {
  const file = await saucer();
  const [place = ''] = bench().index.project('made-up-saucer', [file]);
  const entry = { filename: file.filename, url: `../..${place}`, hashes: { sha256: sha256Of(file.bytes) } };
  bench().server.on('/simple/made-up-saucer/', {
    user: USER,
    headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' },
    body: JSON.stringify({ meta: { 'api-version': '1.0' }, name: 'made-up-saucer', files: [entry] }),
  });
  bench().server.on(place, { user: USER, body: file.bytes });
}

describe('an index', () => {
  it('may have HTML pages only', async () => {
    const file = await saucer();
    bench().server.on('/files/saucer', { body: file.bytes });
    const html = htmlPage([{ file, address: '../../files/saucer' }]);
    bench().server.on('/simple/made-up-saucer/', { headers: { 'content-type': 'text/html' }, body: html });

    const outcome = await bench().run(['made-up-saucer']);
    expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining('pname = "made-up-saucer";') });
  });

  it('may redirect pages and files', async () => {
    const [place = ''] = bench().index.project('made-up-saucer', [await saucer()]);
    bench().server.on('/moved/made-up-saucer/', { redirect: '/simple/made-up-saucer/' });
    const { bytes } = await saucer();
    bench().server.on(place, { redirect: '/elsewhere.tar.gz' });
    bench().server.on('/elsewhere.tar.gz', { body: bytes });

    const outcome = await bench().run(['made-up-saucer', '--index-url', `${bench().server.url}/moved`]);
    expect({ code: outcome.code, version: versionIn(outcome) }).toEqual({ code: 0, version: '1.0' });
  });

  it.each([[503], [429]])('that answers %i is asked again as soon as it says', async (status) => {
    const [place = ''] = bench().index.project('made-up-saucer', [await saucer()]);
    const { bytes } = await saucer();
    bench().server.on(place, { status, headers: { 'retry-after': '0' } }, { body: bytes });

    const { code, stderr } = await bench().run(['made-up-saucer']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^asking again for made_up_saucer-1\.0\.tar\.gz in 0\.0 s \(attempt 1\): .*HTTP \d+/mu);
  });

  it('that cuts an archive is asked for it again, and the digest is right in the end', async () => {
    const file = await saucer();
    const [place = ''] = bench().index.project('made-up-saucer', [file]);
    bench().server.on(place, { body: file.bytes, cutAfter: 100 }, { body: file.bytes });

    const { code, stdout } = await bench().run(['made-up-saucer', '--hash', 'hex']);
    expect(code).toBe(0);
    expect(stdout).toContain(sha256Of(file.bytes));
  });
});

describe('the address of a file in an expression', () => {
  it('is not needed for what lies where PyPI and its mirrors have it', async () => {
    bench().index.project('made-up-saucer', [await saucer()]);
    const { stdout } = await bench().run(['made-up-saucer']);
    expect(stdout).toContain('src = fetchPypi {');
    expect(stdout).not.toContain(bench().server.url);
  });

  it('stands there for a file of another index, with a note', async () => {
    const index = ownIndex('/own');
    index.project('made-up-saucer', [await saucer()]);
    const { code, stdout, stderr } = await bench().run(['made-up-saucer', '--index-url', index.url]);
    expect(code).toBe(0);
    expect(stdout).toContain('src = fetchurl {');
    expect(stdout).toContain(`url = "${bench().server.url}/own/files/made_up_saucer-1.0.tar.gz";`);
    expect(stderr).toMatch(/^(?:note|warning): made-up-saucer: .*address/mu);
  });
});

describe('several indexes', () => {
  it('a project comes from the first that has it, whatever the others have', async () => {
    ownIndex('/first').project('made-up-saucer', [await saucer('1.0')]);
    ownIndex('/second').project('made-up-saucer', [await saucer('2.0')]);
    const { url } = bench().server;
    const args = [
      'made-up-saucer',
      '--index-url',
      `${url}/first/simple/`,
      '--extra-index-url',
      `${url}/second/simple/`,
    ];

    expect(versionIn(await bench().run(args))).toBe('1.0');
    expect(bench().server.count('/second/simple/made-up-saucer/')).toBe(0);
  });

  it('the next is asked for what the first does not have', async () => {
    ownIndex('/second').project('made-up-saucer', [await saucer('2.0')]);
    const { url } = bench().server;
    const outcome = await bench().run(['made-up-saucer', '--extra-index-url', `${url}/second/simple/`]);
    expect(versionIn(outcome)).toBe('2.0');
    expect(bench().server.count('/simple/made-up-saucer/')).toBeGreaterThan(0);
  });

  it.each([
    [{ status: 403 }, /E_INDEX_DENIED/u, 69],
    [{ body: '{"message": "nothing here"}', headers: { 'content-type': 'application/json' } }, /E_BAD_INDEX_PAGE/u, 65],
  ])('an error of the first ends the run: %j', async (answer, error, exit) => {
    bench().server.on('/simple/made-up-saucer/', answer);
    ownIndex('/second').project('made-up-saucer', [await saucer('2.0')]);
    const { url } = bench().server;
    const { code, stdout, stderr } = await bench().run([
      'made-up-saucer',
      '--extra-index-url',
      `${url}/second/simple/`,
    ]);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toMatch(error);
    expect(bench().server.count('/second/simple/made-up-saucer/')).toBe(0);
  });
});

describe('--find-links', () => {
  it('takes a folder of archives, before any index', async () => {
    bench().index.project('made-up-saucer', [await saucer('2.0')]);
    const file = await saucer('1.0');
    await inFolder(`archives/${file.filename}`, file.bytes);

    const outcome = await bench().run(['made-up-saucer', '--find-links', 'archives', '--hash', 'hex']);
    expect({ code: outcome.code, version: versionIn(outcome) }).toEqual({ code: 0, version: '1.0' });
    expect(outcome.stdout).toContain(sha256Of(file.bytes));
    expect(outcome.stdout).not.toContain(bench().folder);
    expect(bench().server.count('/simple/made-up-saucer/')).toBe(0);
  });

  it('takes a page of links', async () => {
    const file = await saucer();
    bench().server.on('/saucer.tar.gz', { body: file.bytes });
    bench().server.on(`/${file.filename}`, { body: file.bytes });
    const html = htmlPage([{ file, address: file.filename }]);
    bench().server.on('/links.html', { headers: { 'content-type': 'text/html' }, body: html });

    const outcome = await bench().run(['made-up-saucer', '--find-links', `${bench().server.url}/links.html`]);
    expect({ code: outcome.code, version: versionIn(outcome) }).toEqual({ code: 0, version: '1.0' });
  });

  it('must name a folder that is there', async () => {
    const { code, stdout, stderr } = await bench().run(['made-up-saucer', '--find-links', 'nowhere']);
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toContain('E_NO_SUCH_FOLDER');
  });
});

describe('the configuration of pip', () => {
  beforeEach(async () => {
    ownIndex('/first').project('made-up-saucer', [await saucer('1.0')]);
    ownIndex('/second').project('made-up-saucer', [await saucer('2.0')]);
  });

  const at = (prefix: string): string => `${bench().server.url}${prefix}/simple/`;

  it.each([
    ['PIP_INDEX_URL', '1.0', (): Record<string, string> => ({ PIP_INDEX_URL: at('/first') })],
    ['PIP_EXTRA_INDEX_URL', '2.0', () => ({ PIP_INDEX_URL: at('/empty'), PIP_EXTRA_INDEX_URL: at('/second') })],
  ])('%s is honoured', async (_name, version, environment) => {
    expect(versionIn(await bench().run(['made-up-saucer'], environment()))).toBe(version);
  });

  it('PIP_FIND_LINKS is honoured', async () => {
    const file = await saucer('3.0');
    const { length } = file.filename;
    const archive = await inFolder(`archives/${file.filename}`, file.bytes);
    const outcome = await bench().run(['made-up-saucer'], { PIP_FIND_LINKS: archive.slice(0, -length) });
    expect(versionIn(outcome)).toBe('3.0');
  });

  it('pip.conf is honoured, and beaten by the environment, which is beaten by the command line', async () => {
    const file = await inFolder('pip.conf', `[global]\nindex-url = ${at('/first')}\n`);
    const environment = { PIP_CONFIG_FILE: file, PIP_INDEX_URL: '' };
    expect(versionIn(await bench().run(['made-up-saucer'], environment))).toBe('1.0');

    const louder = { ...environment, PIP_INDEX_URL: at('/second') };
    expect(versionIn(await bench().run(['made-up-saucer'], louder))).toBe('2.0');
    expect(versionIn(await bench().run(['made-up-saucer', '--index-url', at('/first')], louder))).toBe('1.0');
  });

  it('the pip.conf of the home folder is read', async () => {
    await inFolder('.home/.config/pip/pip.conf', `[install]\nindex-url =\n    ${at('/second')}\n`);
    expect(versionIn(await bench().run(['made-up-saucer'], { PIP_CONFIG_FILE: '', PIP_INDEX_URL: '' }))).toBe('2.0');
  });

  it('a pip.conf that pip would refuse ends the run, told by file and line', async () => {
    const file = await inFolder('pip.conf', '[global]\nno delimiter\n');
    const { code, stderr } = await bench().run(['made-up-saucer'], { PIP_CONFIG_FILE: file });
    expect(code).toBe(78);
    expect(stderr).toContain(`${file}:2: `);
  });
});

describe('credentials', () => {
  const address = (user: string): string => bench().index.url.replace('://', `://${user}@`);

  async function expectSecret(outcome: CommandOutcome): Promise<void> {
    expect(outcome.code).toBe(0);
    const said = outcome.stdout + outcome.stderr + (await cachedText());
    expect(said).toContain('made-up-saucer');
    expect(said).not.toContain(USER.password);
    expect(said).not.toContain(Buffer.from(`${USER.username}:${USER.password}`).toString('base64'));
  }

  it('in the address of an index sign pages and files, and are neither shown nor kept', async () => {
    await lockedIndex();
    const url = address(`${USER.username}:${USER.password}`);
    await expectSecret(await bench().run(['made-up-saucer', '--verbose', '--index-url', url]));
  });

  it('in the environment do too', async () => {
    await lockedIndex();
    const url = address(`${USER.username}:${USER.password}`);
    await expectSecret(await bench().run(['made-up-saucer', '--verbose'], { PIP_INDEX_URL: url }));
  });

  it('come from the file that NETRC names', async () => {
    await lockedIndex();
    const text = `machine 127.0.0.1\nlogin ${USER.username}\npassword ${USER.password}\n`;
    const file = await inFolder('my-netrc', text);
    const outcome = await bench().run(['made-up-saucer', '--verbose'], { NETRC: file });
    expect(outcome.code).toBe(0);
    expect(outcome.stdout + outcome.stderr + (await cachedText())).not.toContain(USER.password);
  });

  it('that are wrong are not shown either', async () => {
    await lockedIndex();
    const url = address(`${USER.username}:wrong-word`);
    const { code, stdout, stderr } = await bench().run(['made-up-saucer', '--index-url', url]);
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr).toContain('E_INDEX_DENIED');
    expect(stderr).not.toContain('wrong-word');
  });

  it('do not stand in an expression that names the address of the file', async () => {
    const index = ownIndex('/own');
    index.project('made-up-saucer', [await saucer()]);
    const url = index.url.replace('://', `://${USER.username}:${USER.password}@`);
    const outcome = await bench().run(['made-up-saucer', '--index-url', url]);
    expect(outcome.stdout).toContain('fetchurl');
    await expectSecret(outcome);
  });
});

describe('a proxy', () => {
  let proxy: Server;
  let asked: string[];
  let port = 0;

  beforeEach(async () => {
    asked = [];
    proxy = createServer((incoming, outgoing) => {
      asked.push(incoming.url ?? '');
      const target = new URL(incoming.url ?? '');
      // The host of the index has no address: only the proxy knows where it is.
      const { port: to } = new URL(bench().server.url);
      const onward = sendRequest(
        { host: '127.0.0.1', port: to, path: target.pathname, headers: incoming.headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        },
      );
      incoming.pipe(onward);
    });
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    const address = proxy.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterEach(async () => {
    proxy.closeAllConnections();
    await new Promise((closed) => proxy.close(closed));
  });

  it('that HTTP_PROXY names is asked for pages and files', async () => {
    const [place = ''] = bench().index.project('made-up-saucer', [await saucer()]);
    const environment = { PIP_INDEX_URL: 'http://index.test/simple/', HTTP_PROXY: `http://127.0.0.1:${port}` };
    const outcome = await bench().run(['made-up-saucer'], environment);

    expect({ code: outcome.code, version: versionIn(outcome) }).toEqual({ code: 0, version: '1.0' });
    expect(asked).toEqual(['http://index.test/simple/made-up-saucer/', `http://index.test${place}`]);
  });

  it('is passed by for hosts of NO_PROXY', async () => {
    bench().index.project('made-up-saucer', [await saucer()]);
    const environment = { HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: '127.0.0.1' };
    expect((await bench().run(['made-up-saucer'], environment)).code).toBe(0);
    expect(asked).toEqual([]);
  });
});
