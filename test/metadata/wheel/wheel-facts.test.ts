import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../src/metadata/wheel/byte-source.ts';
import { contentsByRanges, contentsOfStream } from '../../../src/metadata/wheel/contents.ts';
import { wheelModules } from '../../../src/metadata/wheel/wheel-modules.ts';
import { streamOf } from '../../support/archives.ts';
import { startReading } from './support/reading.ts';
import { filler, makeWheel } from './support/wheels.ts';

const EXTEND_PATH = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";
const SCRIPTS = '[console_scripts]\ntool = toolz:main\n';

/** With modules and scripts, larger than what one request for its end brings. */
function richWheel() {
  return makeWheel('toolz', {
    'toolz/__init__.py': '"""Tools."""\n',
    'toolz/data.bin': filler(200_000),
    'tests/test_toolz.py': '',
    'toolz-1.0.dist-info/entry_points.txt': SCRIPTS,
  });
}

describe('the facts of a wheel', () => {
  it.each([
    ['by ranges', { ranges: true }],
    ['from a server that ignores ranges', {}],
  ])('have metadata, modules and scripts, %s', async (_, answer) => {
    const { serve, reader } = await startReading();
    const facts = await reader.facts(serve(richWheel(), answer));
    const { coreMetadata, modules, consoleScripts } = facts;
    expect(coreMetadata.requiresDist).toEqual(['six']);
    expect(modules).toEqual(['toolz']);
    expect(consoleScripts).toEqual(['tool']);
    expect(facts).toMatchObject({ moduleFiles: { toolz: 'toolz/__init__.py' }, scriptLines: { tool: 2 } });
  });

  it('cost two requests by ranges: the end, and what tells namespaces', async () => {
    const { serve, reader, asked } = await startReading();
    await reader.facts(serve(richWheel()));
    expect(asked()).toHaveLength(2);
  });

  it('cost one request when the wheel is small', async () => {
    const { serve, reader, asked } = await startReading();
    await reader.facts(serve(makeWheel('toolz')));
    expect(asked()).toEqual(['/toolz-1.0-py3-none-any.whl']);
  });

  it('have no scripts when the wheel has no entry points', async () => {
    const { serve, reader } = await startReading();
    expect((await reader.facts(serve(makeWheel('toolz')))).consoleScripts).toEqual([]);
  });

  it.each([
    ['by ranges', 200_000],
    ['from the whole wheel', 10],
  ])('know packages that only declare a namespace, %s', async (_, size) => {
    const { serve, reader } = await startReading();
    const wheel = makeWheel('ns', {
      'ns/__init__.py': EXTEND_PATH,
      'ns/data.bin': filler(size),
      'ns/deep/__init__.py': "__import__('pkg_resources').declare_namespace(__name__)\n",
      'ns/deep/real/__init__.py': 'VALUE = 1\n',
    });
    expect((await reader.facts(serve(wheel))).modules).toEqual(['ns.deep.real']);
  });

  it('have eight modules at most, and a note tells that there are more', async () => {
    const { serve, reader, noted } = await startReading();
    const files = Object.fromEntries([...'jihgfedcba'].map((name) => [`${name}.py`, '']));
    expect((await reader.facts(serve(makeWheel('toolz', files)))).modules).toEqual([...'abcdefgh']);
    expect(noted()).toEqual([
      'omitted: toolz-1.0-py3-none-any.whl has 10 importable modules, of which the first 8 are named',
    ]);
  });

  it('are without modules when a large wheel would have to be downloaded whole for them', async () => {
    const { serve, serveMetadata, reader, asked, noted } = await startReading();
    const wheel = richWheel();
    serveMetadata(wheel);
    const facts = await reader.facts(serve(wheel, {}, { size: 800 * 1024 ** 2 }));
    expect(facts).toMatchObject({ coreMetadata: { name: 'toolz' }, modules: null, consoleScripts: null });
    expect(asked().at(-1)).toBe('/toolz-1.0-py3-none-any.whl.metadata');
    expect(noted().at(-1)).toBe(
      'omitted: the modules of toolz-1.0-py3-none-any.whl are not known, because its host gives it only whole and it is large',
    );
  });

  it('of a large wheel come from the whole wheel when there is no other way to its metadata', async () => {
    const { serve, reader } = await startReading();
    expect((await reader.facts(serve(richWheel(), {}, { size: 800 * 1024 ** 2 }))).modules).toEqual(['toolz']);
  });

  it('are the same by ranges and from the whole wheel', async () => {
    const init = fc.constantFrom('', EXTEND_PATH, 'VALUE = 1\n');
    const paths = fc.constantFrom(
      'a/__init__.py',
      'a/b/__init__.py',
      'a/b/c.py',
      '_d.abi3.so',
      'e/f/__init__.py',
      'g.py',
    );
    const files = fc.dictionary(paths, init, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 0, max: 100_000 }), fc.boolean(), async (members, size, stored) => {
        const wheel = makeWheel('toolz', { 'z/data.bin': filler(size), ...members }, { stored });
        const ranged = await contentsByRanges(sourceOf(wheel.bytes), { wheel: wheel.filename, wanted: 'all' });
        const whole = await contentsOfStream(streamOf(wheel.bytes, 8192), wheel.filename);
        expect(Buffer.from(ranged.metadata).equals(Buffer.from(whole.metadata))).toBe(true);
        expect(ranged.paths).toEqual(whole.paths);
        expect(wheelModules(ranged.paths, ranged.namespaces)).toEqual(wheelModules(whole.paths, whole.namespaces));
      }),
      { numRuns: 100 },
    );
  });
});

function sourceOf(bytes: Buffer): ByteSource {
  return { size: bytes.length, read: async (from, to) => bytes.subarray(from, to) };
}
