import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { applyOverrides } from '../../src/overrides/apply.ts';
import { loadOverrides } from '../../src/overrides/load.ts';
import { readOverrideFolder } from '../../src/overrides/read-folder.ts';
import { demo, MODERN, OLD } from './support/facts.ts';

const SHIPPED = fileURLToPath(new URL('../../overrides', import.meta.url));

async function overridden(name: string, version: string, context = MODERN): Promise<PackageFacts> {
  const overrides = loadOverrides([await readOverrideFolder(SHIPPED, { label: 'overrides', required: true })]);
  return applyOverrides(demo({ name, version }), overrides.get(name) ?? [], context);
}

function namesOf(inputs: PackageFacts['inputs'][keyof PackageFacts['inputs']]): string[] {
  return inputs.map((input) => (input.kind === 'system' ? input.attribute : input.name));
}

describe('the overrides that are shipped', () => {
  it('give lxml the two libraries of the seed on 16.03', async () => {
    const facts = await overridden('lxml', '3.4.4', OLD);

    expect(namesOf(facts.inputs.buildInputs)).toEqual(['libxml2', 'libxslt']);
    expect(facts.inputs.nativeBuildInputs).toEqual([]);
    expect(facts.reasons).toEqual({});
  });

  it('give lxml all libraries that it links and pkg-config on a current nixpkgs', async () => {
    const facts = await overridden('lxml', '6.1.3');

    expect(namesOf(facts.inputs.buildInputs)).toEqual(['libxml2', 'libxslt', 'zlib']);
    expect(namesOf(facts.inputs.nativeBuildInputs)).toEqual(['pkg-config']);
  });

  it('give pyfftw 0.9.2 what the seed has', async () => {
    const facts = await overridden('pyfftw', '0.9.2', OLD);

    expect(namesOf(facts.inputs.buildInputs)).toEqual(['fftw', 'fftwFloat', 'fftwLongDouble']);
    expect(facts.check).toMatchObject({
      enabled: false,
      reason: 'Tests cannot import pyfftw; pyfftw works fine though.',
    });
    expect(facts.reasons).toEqual({});
    expect(facts.meta.licences).toEqual([{ spdx: 'GPL-3.0-or-later' }]);
    const shown = facts.text.preConfigure?.map((part) => (typeof part === 'string' ? part : `<${part.attribute}>`));
    expect(shown?.join('')).toBe(`export LDFLAGS="-L<fftw>/lib -L<fftwFloat>/lib -L<fftwLongDouble>/lib"
export CFLAGS="-I<fftw>/include -I<fftwFloat>/include -I<fftwLongDouble>/include"
`);
  });

  it('let newer pyfftw run its tests and find its libraries itself', async () => {
    const facts = await overridden('pyfftw', '0.15.1');

    expect(namesOf(facts.inputs.buildInputs)).toEqual(['fftw', 'fftwFloat', 'fftwLongDouble']);
    expect(facts.check.enabled).toBeNull();
    expect(facts.text).toEqual({});
  });

  it('give datashape the versioneer of the package set where Python needs it', async () => {
    const facts = await overridden('datashape', '0.5.2');

    expect(namesOf(facts.inputs['build-system'])).toEqual(['versioneer']);
    expect(facts.text).toEqual({ postPatch: ['rm versioneer.py\n'] });
    expect(facts.reasons).toEqual({
      postPatch: "the sdist's versioneer 0.15 needs configparser.SafeConfigParser, which Python 3.12 removed",
    });
    expect(facts.disabledTests).toEqual([
      { test: 'test_from_numpy_dtype_fails', reason: 'np.unicode_ is gone from NumPy 2' },
      { test: 'test_string_from_CType_classmethod', reason: 'np.unicode_ is gone from NumPy 2' },
      { test: 'test_arbitrary_string[s4]', reason: 'pytest marks among the parameters' },
      { test: 'test_arbitrary_string[s5]', reason: 'pytest marks among the parameters' },
      { test: 'test_arbitrary_string[s6]', reason: 'pytest marks among the parameters' },
      { test: 'test_nested_iteratables', reason: 'np.issubdtype does not take int for int32 any more' },
      { test: 'test_tuples_can_be_records_too', reason: 'np.issubdtype does not take int for int32 any more' },
      { test: 'test_validate', reason: 'np.issubdtype does not take int for int32 any more' },
      { test: 'test_validate_dicts', reason: 'np.issubdtype does not take int for int32 any more' },
    ]);
  });

  it('leave datashape on 16.03 as its sdist is', async () => {
    expect(await overridden('datashape', '0.4.7', OLD)).toEqual(demo({ name: 'datashape', version: '0.4.7' }));
  });

  it.each([
    ['python-magic', '0.4.27', '<file>/lib/libmagic.$ext'],
    ['pyusb', '1.3.1', '<libusb1>/lib/libusb-1.0.$ext'],
    ['weasyprint', '69.0', '<harfbuzz>/lib/libharfbuzz-subset.$ext'],
    ['evdev', '1.9.3', '<linuxHeaders>/include'],
  ])('give %s %s the path of what it looks for by name', async (name, version, path) => {
    const facts = await overridden(name, version);
    const shown = facts.text.postPatch?.map((part) => (typeof part === 'string' ? part : `<${part.attribute}>`));

    expect(shown?.join('')).toContain(path);
    expect((await overridden(name, version, OLD)).text).toEqual({});
  });

  it.each([
    ['0.44.0', []],
    ['0.45.1', ['llvm_20']],
    ['0.47.0', ['llvm_20']],
    ['0.48.0', []],
  ])('give llvmlite %s the one LLVM that it takes', async (version, libraries) => {
    expect(namesOf((await overridden('llvmlite', version)).inputs.buildInputs)).toEqual(libraries);
  });

  it('say nothing in vain', async () => {
    for (const context of [OLD, MODERN]) {
      for (const [name, version] of [
        ['lxml', '6.1.3'],
        ['pyfftw', '0.9.2'],
        ['datashape', '0.4.7'],
      ] as const) {
        expect((await overridden(name, version, context)).notes).toEqual([]);
      }
    }
  });
});

describe('the decisions about system libraries in docs/overrides.md', () => {
  const page = readFileSync(new URL('../../docs/overrides.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split('## System libraries: what was decided');
  const rows = [...section.matchAll(/^\| ([a-z0-9-]+) \| (inferred|rule|refused) \| ([^|\n]*) \| ([^\n]+) \|$/gmu)].map(
    ([, project = '', decided = '', what = '', why = '']) => ({ project, decided, what: what.trim(), why }),
  );
  const projects = rows.map(({ project }) => project);

  it('are about each project once, in order, and the numbers above the table are theirs', () => {
    expect(section.match(/^\| (?!project \||---)/gmu)).toHaveLength(rows.length);
    expect(projects).toEqual([...new Set(projects)].sort());
    for (const decided of ['inferred', 'rule', 'refused'])
      expect(section).toContain(`\`${decided}\` (${rows.filter((row) => row.decided === decided).length})`);
  });

  it('say for each what it is about and why', () => {
    expect(rows.filter(({ why }) => why.length < 15)).toEqual([]);
    expect(rows.filter(({ decided, what }) => (decided === 'refused') !== (what === ''))).toEqual([]);
  });

  it('have a file for every rule, and a row for every file about system libraries', () => {
    const elsewhere = /Other rules are not about system libraries: those of ([^.\n]+)\./u.exec(section)?.[1] ?? '';
    const files = readdirSync(SHIPPED).flatMap((name) => (name.endsWith('.toml') ? [name.slice(0, -5)] : []));
    const ruled = rows.flatMap(({ project, decided }) => (decided === 'rule' ? [project] : []));

    expect([...ruled, ...elsewhere.split(/, | and /u)].sort()).toEqual(files.sort());
  });
});
