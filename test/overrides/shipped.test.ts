import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { applyOverrides } from '../../src/overrides/apply.ts';
import { loadOverrides, type Overrides } from '../../src/overrides/load.ts';
import { readOverrideFolder } from '../../src/overrides/read-folder.ts';
import { demo, demoWith, inferred, MODERN, OLD } from './support/facts.ts';

const SHIPPED = fileURLToPath(new URL('../../overrides', import.meta.url));

function shipped(): Promise<Overrides> {
  return readOverrideFolder(SHIPPED, { label: 'overrides', required: true }).then((layer) => loadOverrides([layer]));
}

async function overridden(name: string, version: string, context = MODERN): Promise<PackageFacts> {
  return applyOverrides(demo({ name, version }), (await shipped()).get(name) ?? [], context);
}

function namesOf(inputs: PackageFacts['inputs'][keyof PackageFacts['inputs']]): string[] {
  return inputs.map((input) => (input.kind === 'system' ? input.attribute : input.name));
}

describe('the overrides that are shipped', () => {
  it('leave lxml on 16.03 as its sdist is, and give it zlib where libxml2 does not propagate it', async () => {
    expect(await overridden('lxml', '3.4.4', OLD)).toEqual(demo({ name: 'lxml', version: '3.4.4' }));
    expect(namesOf((await overridden('lxml', '6.1.3')).inputs.buildInputs)).toEqual(['zlib']);
  });

  it('take the bill of materials out of builds, which asks for a project that package sets do not have', async () => {
    for (const name of ['filelock', 'platformdirs']) {
      const { text } = await overridden(name, '4.14.7');
      expect(text.postPatch?.join('')).toContain('python-sbom');
    }
  });

  it('leave imagecodecs the libraries of the modules that its default build has, which is openjph for newer releases', async () => {
    const inputs = ['brotli', 'charls', 'lz4', 'openjph', 'snappy'].map(inferred);
    const left = async (version: string): Promise<string[]> => {
      const rules = (await shipped()).get('imagecodecs') ?? [];
      const facts = demoWith({ buildInputs: inputs });
      return namesOf(applyOverrides({ ...facts, name: 'imagecodecs', version }, rules, MODERN).inputs.buildInputs);
    };

    expect(await left('2026.3.6')).toEqual(['lz4']);
    expect(await left('2026.10.10')).toEqual(['lz4', 'openjph']);
  });

  it('leave out tests whose material is not in the sdist', async () => {
    const { disabledTests } = await overridden('toml', '0.10.2');
    expect(disabledTests.map(({ test }) => test)).toEqual(['test_invalid_tests', 'test_valid_tests']);
  });

  it.each([
    ['alembic', '1.20.1', 'black'],
    ['dnspython', '2.9.2', 'idna'],
    ['requests', '2.34.2', 'pysocks'],
    ['typer', '0.29.2', 'coverage'],
  ])('give the tests of %s %s what nothing names: %s', async (project, version, input) => {
    expect(namesOf((await overridden(project, version)).inputs.nativeCheckInputs)).toEqual([input]);
  });

  it.each([
    ['jedi', '0.20.1', 'export HOME=$(mktemp -d); touch $HOME/notes.txt'],
    ['python-docx', '1.2.0', "export PYTEST_ADDOPTS='-W ignore::DeprecationWarning'"],
    ['zstandard', '0.25.0', 'rm -r zstandard'],
  ])('prepare the tests of %s %s by %s', async (project, version, script) => {
    expect((await overridden(project, version)).text.preCheck?.join('').trim()).toBe(script);
  });

  it('leave out the tests of mmh3 whose helper is not in the sdist, and those that need a network or a path of the source', async () => {
    const paths = (await overridden('mmh3', '5.3.1')).disabledTestPaths.map(({ test }) => test);
    expect(paths).toEqual(['tests/test_mmh3.py', 'tests/test_mmh3_hasher.py']);
    const names = await Promise.all(
      [
        ['croniter', '7.0.0'],
        ['requests', '2.34.2'],
      ].map(async ([project = '', version = '']) =>
        (await overridden(project, version)).disabledTests.map(({ test }) => test),
      ),
    );
    expect(names).toEqual([
      ['test_nth_out_of_range_without_asserts'],
      ['test_connect_timeout', 'test_total_timeout_connect'],
    ]);
  });

  it('give pyfftw 0.9.2 what the seed has', async () => {
    const facts = await overridden('pyfftw', '0.9.2', OLD);

    expect(facts.check).toMatchObject({
      enabled: false,
      reason: 'Tests cannot import pyfftw; pyfftw works fine though.',
    });
    expect(facts.reasons).toEqual({});
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
  const row = /^\| ([a-z0-9-]+) \| ([^|\n]+) \| (inferred|rule|refused) \| ([^|\n]*) \| ([^\n]+) \|$/gmu;
  const rows = [...section.matchAll(row)].map(([, project = '', read = '', decided = '', what = '', why = '']) => ({
    project,
    read,
    decided,
    what: what.trim(),
    why,
  }));
  const projects = rows.map(({ project }) => project);

  it('are about each project once, in order, and the numbers above the table are theirs', () => {
    expect(section.match(/^\| (?!project \||---)/gmu)).toHaveLength(rows.length);
    expect(projects).toEqual([...new Set(projects)].sort());
    for (const decided of ['inferred', 'rule', 'refused'])
      expect(section).toContain(`\`${decided}\` (${rows.filter((row) => row.decided === decided).length})`);
  });

  it('say for each what was read, what it is about and why', () => {
    expect(rows.filter(({ read }) => !/^(?:none|\d\S*(?: \(wheel\))?)$/u.test(read))).toEqual([]);
    expect(rows.filter(({ read, decided }) => read === 'none' && decided !== 'refused')).toEqual([]);
    expect(rows.filter(({ why }) => why.length < 15)).toEqual([]);
    expect(rows.filter(({ decided, what }) => (decided === 'refused') !== (what === ''))).toEqual([]);
  });

  it('have a file for every rule, and a row that says so for every file about one of these projects', () => {
    const taken = /Some rules take away [^\n]*: those of ([^.\n]+)\.$/mu.exec(section)?.[1]?.split(/, | and /u) ?? [];
    const ruled = rows.flatMap(({ project, decided }) => (decided === 'rule' ? [project] : []));
    const files = readdirSync(SHIPPED).flatMap((name) => (name.endsWith('.toml') ? [name.slice(0, -5)] : []));

    expect([...ruled, ...taken].sort()).toEqual(files.filter((name) => projects.includes(name)).sort());
  });
});
