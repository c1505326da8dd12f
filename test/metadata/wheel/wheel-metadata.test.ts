import { describe, expect, it } from 'vitest';
import type { UserError } from '../../../src/base/user-error.ts';
import { createWheelReader } from '../../../src/metadata/wheel/wheel-metadata.ts';
import { createHttpClient } from '../../../src/net/http-client.ts';
import { makeTarGz, sha256Of, streamOf } from '../../support/archives.ts';
import { startReading } from './support/reading.ts';
import { filler, listed, makeWheel, metadataText, wheelOf, wheelWith } from './support/wheels.ts';

/** Larger than what one request for its end brings. */
function largeWheel(name: string) {
  return makeWheel(name, { [`${name}/__init__.py`]: '', [`${name}/data.bin`]: filler(200_000) });
}

describe('the metadata file beside a wheel', () => {
  it('is all that is fetched when the index announces it', async () => {
    const { serve, serveMetadata, reader, asked } = await startReading();
    const wheel = makeWheel('toolz');
    serveMetadata(wheel);
    const file = serve(wheel, {}, { coreMetadata: sha256Of(Buffer.from(wheel.metadata)) });
    expect((await reader.metadata(file)).requiresDist).toEqual(['six']);
    expect(asked()).toEqual(['/toolz-1.0-py3-none-any.whl.metadata']);
  });

  it('is found although the index does not announce it', async () => {
    const { serve, serveMetadata, reader, asked } = await startReading();
    for (const name of ['a', 'b']) {
      const wheel = largeWheel(name);
      serveMetadata(wheel);
      expect((await reader.metadata(serve(wheel))).name).toBe(name);
    }
    expect(asked()).toEqual(['/a-1.0-py3-none-any.whl.metadata', '/b-1.0-py3-none-any.whl.metadata']);
  });

  it('is asked for before the query of the address', async () => {
    const { server, reader } = await startReading();
    const wheel = makeWheel('toolz');
    server.on('/toolz.whl.metadata?token=1', { body: wheel.metadata });
    const file = listed(server.url, wheel, { url: `${server.url}/toolz.whl?token=1#sha256=0` });
    expect((await reader.metadata(file)).name).toBe('toolz');
  });

  it('with another sha256 than announced is refused', async () => {
    const { serve, serveMetadata, reader, fault } = await startReading();
    const wheel = makeWheel('toolz');
    serveMetadata(wheel, { body: metadataText('toolz', '6.6') });
    const file = serve(wheel, {}, { coreMetadata: '0'.repeat(64) });
    expect(await fault(reader.metadata(file))).toBe(
      `E_DIGEST_MISMATCH 65: http://HOST/toolz-1.0-py3-none-any.whl.metadata has the sha256 ${sha256Of(Buffer.from(metadataText('toolz', '6.6')))}, but the index announces ${'0'.repeat(64)}`,
    );
  });

  it('of another project, with the announced sha256, is refused', async () => {
    const { serve, serveMetadata, reader, fault } = await startReading();
    const text = metadataText('evil');
    const wheel = makeWheel('toolz');
    serveMetadata(wheel, { body: text });
    const file = serve(wheel, {}, { coreMetadata: sha256Of(Buffer.from(text)) });
    expect(await fault(reader.metadata(file))).toBe(
      'E_BAD_WHEEL 65: the wheel toolz-1.0-py3-none-any.whl has the metadata of evil 1.0',
    );
  });

  it('that is a page of the server instead is passed over', async () => {
    const { serve, serveMetadata, reader, noted } = await startReading();
    const wheel = makeWheel('toolz');
    serveMetadata(wheel, { body: '<html>Welcome</html>' });
    expect((await reader.metadata(serve(wheel))).name).toBe('toolz');
    expect(noted()).toEqual([]);
  });

  it('that is announced but missing leaves a note, and the wheel is read', async () => {
    const { serve, reader, noted } = await startReading();
    expect((await reader.metadata(serve(makeWheel('toolz'), {}, { coreMetadata: true }))).name).toBe('toolz');
    expect(noted()).toEqual([
      'fallback: the index announces metadata beside toolz-1.0-py3-none-any.whl, but its host answers HTTP 404; the wheel itself is asked',
    ]);
  });

  it('is not asked for when the server fails on it again and again', async () => {
    const { serve, serveMetadata, reader, asked, noted } = await startReading({ retries: 1 });
    const [a, b] = [makeWheel('a'), makeWheel('b')];
    for (const wheel of [a, b]) serveMetadata(wheel, { status: 500 });
    for (const wheel of [a, b]) expect((await reader.metadata(serve(wheel))).version).toBe('1.0');
    expect(asked()).toEqual([
      '/a-1.0-py3-none-any.whl.metadata',
      '/a-1.0-py3-none-any.whl.metadata',
      '/a-1.0-py3-none-any.whl',
      '/b-1.0-py3-none-any.whl',
    ]);
    expect(noted()).toHaveLength(1);
  });

  it('is read again when the connection was cut', async () => {
    const { serve, serveMetadata, reader, asked } = await startReading();
    const wheel = makeWheel('toolz');
    serveMetadata(wheel, { body: wheel.metadata, cutAfter: 10 }, { body: wheel.metadata });
    expect((await reader.metadata(serve(wheel, {}, { coreMetadata: true }))).requiresDist).toEqual(['six']);
    expect(asked()).toHaveLength(2);
  });

  it('without an end is not read to its end', async () => {
    const { serve, serveMetadata, reader, noted } = await startReading();
    const wheel = makeWheel('toolz');
    serveMetadata(wheel, { body: Buffer.alloc(5 * 1024 ** 2) });
    expect((await reader.metadata(serve(wheel, {}, { coreMetadata: true }))).name).toBe('toolz');
    expect(noted()).toEqual([expect.stringContaining('gives more than 4194304 bytes')]);
  });
});

describe('a host without metadata files', () => {
  it('is asked once for one, however many wheels are read at the same time', async () => {
    const { server, serve, reader } = await startReading();
    const files = [...'abcdefgh'].map((name) => serve(makeWheel(name)));
    const read = await Promise.all(files.map((file) => reader.metadata(file)));
    expect(read.map(({ name }) => name)).toEqual([...'abcdefgh']);
    expect(server.requests.filter(({ path }) => path.endsWith('.metadata'))).toHaveLength(1);
  });

  it('is still asked for those that an index announces', async () => {
    const { serve, serveMetadata, reader, asked } = await startReading();
    await reader.metadata(serve(makeWheel('a')));
    const wheel = makeWheel('b');
    serveMetadata(wheel);
    await reader.metadata(serve(wheel, {}, { coreMetadata: true }));
    expect(asked().at(-1)).toBe('/b-1.0-py3-none-any.whl.metadata');
  });

  it('says nothing about other hosts', async () => {
    const [one, other] = [await startReading(), await startReading()];
    await one.reader.metadata(one.serve(makeWheel('a')));
    const wheel = makeWheel('b');
    other.serveMetadata(wheel);
    await one.reader.metadata(other.serve(wheel));
    expect(other.asked()).toEqual(['/b-1.0-py3-none-any.whl.metadata']);
  });

  it('that has one after all keeps its route when a single one is missing', async () => {
    const { server, serve, serveMetadata, reader } = await startReading();
    const wheels = ['a', 'b', 'c'].map((name) => makeWheel(name));
    for (const wheel of wheels) if (!wheel.filename.startsWith('b')) serveMetadata(wheel);
    for (const wheel of wheels) await reader.metadata(serve(wheel, {}, { coreMetadata: true }));
    expect(server.count('/c-1.0-py3-none-any.whl.metadata')).toBe(1);
    expect(server.count('/c-1.0-py3-none-any.whl')).toBe(0);
  });
});

describe('the metadata inside of a wheel', () => {
  it('is fetched with the end of the wheel alone', async () => {
    const { serve, reader, asked } = await startReading();
    const wheel = largeWheel('toolz');
    const size = wheel.bytes.length;
    expect((await reader.metadata(serve(wheel))).requiresDist).toEqual(['six']);
    expect(asked().slice(1)).toEqual([`/toolz-1.0-py3-none-any.whl ${size - 65557}-${size - 1}`]);
  });

  it('is fetched by itself when it stands elsewhere', async () => {
    const { serve, reader, asked } = await startReading();
    const file = serve(metadataFirst());
    expect((await reader.metadata(file)).requiresDist).toEqual(['six']);
    expect(asked().slice(2)).toEqual([expect.stringMatching(/^\/toolz-1\.0-py3-none-any\.whl 0-\d{2,3}$/)]);
  });

  it('is found when the index does not tell the size', async () => {
    const { serve, reader, asked } = await startReading();
    const wheel = largeWheel('toolz');
    expect((await reader.metadata(serve(wheel, { ranges: true }, { size: null }))).name).toBe('toolz');
    expect(asked()[1]).toBe('/toolz-1.0-py3-none-any.whl 0-65556');
    expect(asked()).toHaveLength(3);
  });

  it('is read with one request when the wheel is small, and its sha256 is verified', async () => {
    const { serve, reader, asked, fault } = await startReading();
    const wheel = makeWheel('toolz');
    await reader.metadata(serve(wheel));
    expect(asked().slice(1)).toEqual(['/toolz-1.0-py3-none-any.whl']);
    expect(await fault(reader.metadata(serve(wheel, {}, { sha256: '1'.repeat(64) })))).toContain(
      'E_DIGEST_MISMATCH 65',
    );
  });

  it('comes from the answer of a server that ignores ranges, and the next wheel is not asked for a part', async () => {
    const { serve, reader, asked, noted } = await startReading();
    for (const name of ['a', 'b']) expect((await reader.metadata(serve(largeWheel(name), {}))).name).toBe(name);
    expect(asked()).toEqual([
      '/a-1.0-py3-none-any.whl.metadata',
      expect.stringMatching(/^\/a-1\.0-py3-none-any\.whl \d+-\d+$/),
      '/b-1.0-py3-none-any.whl',
    ]);
    expect(noted()).toEqual([
      'fallback: HOST does not give parts of files, so that wheels are downloaded whole to read their metadata',
    ]);
  });

  it('comes from the whole wheel when the server refuses ranges', async () => {
    const { server, serve, reader, asked } = await startReading();
    const [a, b] = [largeWheel('a'), largeWheel('b')];
    const files = [serve(a), serve(b, {})];
    server.on(`/${a.filename}`, { status: 416 }, { body: a.bytes });
    for (const file of files) expect((await reader.metadata(file)).version).toBe('1.0');
    expect(asked().map((path) => path.replace(/\d+-\d+$/, 'PART'))).toEqual([
      '/a-1.0-py3-none-any.whl.metadata',
      '/a-1.0-py3-none-any.whl PART',
      '/a-1.0-py3-none-any.whl',
      '/b-1.0-py3-none-any.whl',
    ]);
  });

  it('comes from the whole wheel when the server gives another part than it was asked for', async () => {
    const { server, serve, reader } = await startReading();
    const wheel = largeWheel('toolz');
    const file = serve(wheel);
    const wrong = { status: 206, headers: { 'content-range': 'bytes 0-9/10' }, body: '0123456789' };
    server.on(`/${wheel.filename}`, wrong, { body: wheel.bytes });
    expect((await reader.metadata(file)).name).toBe('toolz');
  });

  it('is read although one of several servers behind a name does not know ranges', async () => {
    const { server, reader } = await startReading();
    const wheel = metadataFirst();
    server.on(`/${wheel.filename}`, { body: wheel.bytes, ranges: true }, { body: wheel.bytes });
    expect((await reader.metadata(listed(server.url, wheel))).name).toBe('toolz');
  });

  it.each([
    ['a part of the wheel', true],
    ['the whole wheel', false],
  ])('is read again when the connection was cut within %s', async (_, ranges) => {
    const { server, reader } = await startReading();
    const wheel = largeWheel('toolz');
    server.on(`/${wheel.filename}`, { body: wheel.bytes, ranges, cutAfter: 5000 }, { body: wheel.bytes, ranges });
    expect((await reader.metadata(listed(server.url, wheel))).requiresDist).toEqual(['six']);
  });

  it('of a wheel that the server does not have is a user error', async () => {
    const { server, reader, fault } = await startReading();
    for (const wheel of [makeWheel('small'), largeWheel('large')]) {
      expect(await fault(reader.metadata(listed(server.url, wheel)))).toBe(
        `E_FILE_MISSING 69: ${wheel.filename} at http://HOST/${wheel.filename}: the index lists the file, but the server answers HTTP 404`,
      );
    }
  });

  it('is still read by ranges after a wheel that the server does not have', async () => {
    const { server, serve, reader, asked, fault } = await startReading();
    await fault(reader.metadata(listed(server.url, largeWheel('a'))));
    await reader.metadata(serve(largeWheel('b')));
    expect(asked().at(-1)).toMatch(/^\/b-1\.0-py3-none-any\.whl \d+-\d+$/);
  });

  it('of a host that does not answer is a user error', async () => {
    const { server, reader, fault } = await startReading({ retries: 0 });
    const wheel = largeWheel('toolz');
    server.on(`/${wheel.filename}`, { reset: true });
    expect(await fault(reader.metadata(listed(server.url, wheel)))).toBe(
      'E_INDEX_UNAVAILABLE 69: toolz-1.0-py3-none-any.whl could not be had from http://HOST/toolz-1.0-py3-none-any.whl: the connection was cut (tried 1 time)',
    );
  });

  it.each([
    ['name', metadataText('evil'), 'evil 1.0'],
    ['version', metadataText('toolz', '2.0'), 'toolz 2.0'],
  ])('with another %s than the file name is refused', async (_, metadata, found) => {
    const { serve, reader, fault } = await startReading();
    expect(await fault(reader.metadata(serve(makeWheel('toolz', {}, { metadata }))))).toBe(
      `E_BAD_WHEEL 65: the wheel toolz-1.0-py3-none-any.whl has the metadata of ${found}`,
    );
  });

  it('with another spelling of name and version than the file name is taken', async () => {
    const { serve, reader } = await startReading();
    const { bytes } = makeWheel('zope_interface', {}, { metadata: metadataText('Zope.Interface', '1.0.0') });
    const file = serve(wheelOf('zope_interface-1.0-py3-none-any.whl', bytes));
    expect((await reader.metadata(file)).name).toBe('Zope.Interface');
  });
});

describe('a local wheel', () => {
  it('is read through openFile, without the network', async () => {
    const wheel = makeWheel('toolz');
    const http = createHttpClient({ fetch: () => Promise.reject(new Error('network')), userAgent: 'test' });
    const openFile = async () => streamOf(wheel.bytes);
    const reader = createWheelReader({ http, openFile, onNote: () => undefined });
    const file = listed('file:///wheels', wheel, { sha256: null, size: null });
    expect((await reader.metadata(file)).name).toBe('toolz');
    expect((await reader.facts(file)).modules).toEqual(['toolz']);
  });

  it('that is another archive is refused', async () => {
    const bytes = await makeTarGz({ 'toolz-1.0.dist-info/METADATA': metadataText('toolz') });
    const http = createHttpClient({ fetch: () => Promise.reject(new Error('network')), userAgent: 'test' });
    const reader = createWheelReader({ http, openFile: async () => streamOf(bytes), onNote: () => undefined });
    const file = listed('file:///wheels', wheelOf('toolz-1.0-py3-none-any.whl', bytes));
    const error = await reader.metadata(file).catch((thrown: UserError) => thrown);
    expect(error).toMatchObject({ code: 'E_BAD_WHEEL', exit: 65 });
  });
});

/** METADATA is its first member, far from its end. */
function metadataFirst() {
  const files = { 'toolz-1.0.dist-info/METADATA': metadataText('toolz'), 'toolz/data.bin': filler(300_000) };
  return wheelWith('toolz', files);
}
