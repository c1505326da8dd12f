import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sdist } from '../cli/support/kitchen.ts';
import { useCommandBench } from '../cli/support/run-command.ts';
import { parseNix } from '../nix/support/nix.ts';
import { makeSdist } from '../support/archives.ts';
import { describeWithNix, openNixStore } from '../support/nix.ts';
import { blockOf, codeBlocks, type Shown, textOf, withBlocks } from './support/documents.ts';
import { consoleBlock, ran, session } from './support/examples.ts';
import { OLD_COMMAND, printed, useFolder } from './support/run-offline.ts';

const PAGE = textOf('docs/output.md');
const folder = useFolder();
const bench = useCommandBench();

const DECLARED = `Requires-Dist: attrs>=22
Requires-Dist: colorama; sys_platform == "win32"
Requires-Dist: typing-extensions; python_version < "3.14"
Requires-Dist: watchdog; sys_platform == "darwin"
Requires-Dist: orjson; extra == "fast"
Requires-Dist: left-out-here; extra == "cloud"
Requires-Dist: hypothesis; extra == "test"
Requires-Dist: pytest-cov; extra == "test"
Requires-Dist: pytest-left-out; extra == "test"
Requires-Dist: ruff; extra == "test"
`;

/** What the program prints for a made-up project whose tests import some modules. */
async function printedFor(
  name: string,
  { declared = '', imports, args = [] }: { declared?: string; imports: readonly string[]; args?: readonly string[] },
): Promise<string> {
  const sdist = await makeSdist(name, '1.2', {
    'PKG-INFO': `Metadata-Version: 2.2\nName: ${name}\nVersion: 1.2\n${declared}`,
    'pyproject.toml': '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n',
    [`${name}/__init__.py`]: '',
    'tests/test_it.py': imports.map((module) => `import ${module}\n`).join(''),
  });
  bench().index.project(name, [sdist]);
  return (await bench().run([...args, name])).stdout;
}

async function lists(): Promise<string> {
  const stdout = await printedFor('demo', { declared: DECLARED, imports: ['pytest'] });
  const from = stdout.indexOf('      dependencies = [');
  const to = stdout.indexOf('      pythonImportsCheck');
  return stdout.slice(from, to).replace(/^ {6}/gmu, '');
}

/** What the program does about packages that lead back to themselves. */
async function waysBack(): Promise<ReadonlyMap<string, Shown>> {
  const { index } = bench();
  const serve = async (name: string, requires: readonly string[]): Promise<void> => {
    index.project(name, [await sdist(name, '1.0', { metadata: requires })]);
  };
  await serve('circa', ['Requires-Dist: circb[more,less]>=1']);
  await serve('circb', ['Requires-Dist: circc; extra == "more"', 'Requires-Dist: six; extra == "less"']);
  await serve('circc', ['Requires-Dist: circa']);
  await serve('ringa', ['Requires-Dist: ringb>=1']);
  await serve('ringb', ['Requires-Dist: ringa']);
  const { stdout } = await ran(bench(), ['circa']);
  const extra = /^ {6}# the extra more .*\n {6}dependencies = .*$/mu.exec(stdout)?.[0].replace(/^ {6}/gmu, '') ?? '';
  const tested = await printedFor('pluggy', { imports: ['pytest'] });
  const passthru = tested
    .slice(tested.indexOf('      # pytest needs pluggy'), tested.indexOf('\n    }\n  ) { };'))
    .replace(/^ {6}/gmu, '');
  return new Map<string, Shown>([
    ['extra', { language: 'nix', text: extra }],
    ['passthru', { language: 'nix', text: passthru }],
    ['cycle', consoleBlock(await session(bench(), ['ringa'], { code: 1 }))],
  ]);
}

const CARGO_LOCK = `version = 4

[[package]]
name = "made-up-mill"
version = "1.0.0"
`;

/** The attributes of a package from one on, without their indentation. */
function attributesIn(stdout: string, first: string, before: string): string {
  return stdout.slice(stdout.indexOf(`      ${first}`), stdout.indexOf(`      ${before}`)).replace(/^ {6}/gmu, '');
}

/** What is printed for made-up projects that link a library, are written in Rust, or have tests for which something is missing. */
async function compiledAndTested(): Promise<ReadonlyMap<string, Shown>> {
  const { index } = bench();
  index.project('made-up-press', [
    await sdist('made-up-press', '1.0', {
      files: {
        'setup.py': `from setuptools import Extension, setup

setup(ext_modules=[Extension("made_up_press._press", ["press.c"], libraries=["z"])])
`,
        'press.c': '#include <zlib.h>\n#include <bzlib.h>\n',
      },
    }),
  ]);
  index.project('made-up-mill', [
    await sdist('made-up-mill', '1.0', {
      files: {
        'pyproject.toml': '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n',
        'Cargo.toml': '[package]\nname = "made-up-mill"\nversion = "1.0.0"\n',
        'Cargo.lock': CARGO_LOCK,
      },
    }),
  ]);
  index.project('made-up-scale', [
    await sdist('made-up-scale', '1.0', {
      files: {
        'made_up_scale/weigh/test_weigh.py': 'import left_out_here\n\ndef test_weigh():\n    pass\n',
        'made_up_scale/test_scale.py': 'import pytest\n\ndef test_scale():\n    pass\n',
      },
    }),
  ]);
  index.project('made-up-clock', [
    await sdist('made-up-clock', '1.0', {
      files: { 'made_up_clock/tests.py': 'import pytest\n\ndef test_clock():\n    pass\n' },
    }),
  ]);
  const press = await ran(bench(), ['made-up-press']);
  const mill = await ran(bench(), ['made-up-mill']);
  const scale = await ran(bench(), ['made-up-scale']);
  const clock = await ran(bench(), ['made-up-clock']);
  await ran(bench(), ['-o', 'my-packages', 'made-up-mill']);
  const file = await readFile(path.join(bench().folder, 'my-packages/pkgs/made-up-mill/default.nix'), 'utf8');
  await ran(bench(), ['lock', 'made-up-scale', '--python', '3.13', '-o', 'pylock.toml']);
  const locked = await ran(bench(), ['--lock', 'pylock.toml']);
  const notes = press.stderr.replace(/^(?!note:|warning:).*\n/gmu, '');
  return new Map<string, Shown>([
    ['library', { language: 'nix', text: attributesIn(press.stdout, 'buildInputs', 'pythonImportsCheck') }],
    ['library-notes', { language: 'text', text: notes }],
    ['cargo', { language: 'nix', text: attributesIn(mill.stdout, 'cargoDeps', 'pythonImportsCheck') }],
    ['cargo-file', { language: 'nix', text: /^ *(cargoDeps = .*)$/mu.exec(file)?.[1] ?? '' }],
    ['lacking', { language: 'nix', text: attributesIn(scale.stdout, 'nativeCheckInputs', 'pythonImportsCheck') }],
    ['named-tests', { language: 'nix', text: attributesIn(clock.stdout, 'env = ', 'nativeCheckInputs') }],
    ['only-for', { language: 'text', text: /^# (Only for .*)$/mu.exec(locked.stdout)?.[1] ?? '' }],
  ]);
}

async function hashes(): Promise<string> {
  const forms = ['sri', 'hex', 'base32'];
  const lines = await Promise.all(
    forms.map(async (form) => {
      const file = await printed(['--hash', form, 'toolz==0.7.4'], folder());
      return `--hash ${form.padEnd(6)}   ${/^ *((?:hash|sha256) = .*)$/mu.exec(file)?.[1]}`;
    }),
  );
  return lines.join('\n');
}

async function shown(): Promise<ReadonlyMap<string, Shown>> {
  const output = path.join(folder(), 'my-packages');
  await printed(['-o', output, 'toolz', 'datashape'], folder());
  const files = await readdir(output, { recursive: true, withFileTypes: true });
  const paths = files
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(output, path.join(entry.parentPath, entry.name)))
    .sort();
  return new Map<string, Shown>([
    ['modern', { language: 'nix', text: await printed(['toolz', 'datashape'], folder()) }],
    ['hashes', { language: 'text', text: await hashes() }],
    ['declared', { language: 'text', text: DECLARED }],
    ['conditions', { language: 'nix', text: await lists() }],
    ['files', { language: 'text', text: paths.join('\n') }],
    ['default', { language: 'nix', text: await readFile(path.join(output, 'default.nix'), 'utf8') }],
    ['overlay', { language: 'nix', text: await readFile(path.join(output, 'overlay.nix'), 'utf8') }],
    ['json', { language: 'json', text: await printed(['--json', 'toolz'], folder()) }],
    ['old', { language: 'nix', text: await printed(OLD_COMMAND, folder()) }],
    ...(await waysBack()),
    ...(await compiledAndTested()),
  ]);
}

describe('docs/output.md', () => {
  it('shows what the program prints today', async () => {
    await expect(withBlocks(PAGE, await shown())).toMatchFileSnapshot('../../docs/output.md');
  });

  it.each([
    ['pytest needs pluggy', 'pluggy', { imports: ['pytest'] }],
    ['the tests need left-out-here, which the package set does not have', 'demo', { imports: ['left_out_here'] }],
    ['checks are left out by --no-checks', 'demo', { imports: ['pytest'], args: ['--no-checks'] }],
  ])('has the reason that is printed: %s', async (reason, name, project) => {
    expect(PAGE).toContain(`| \`${reason}\` |`);
    await printedFor('pytest', { declared: 'Requires-Dist: pluggy\n', imports: [] });
    expect(await printedFor(name, project)).toContain(`      # ${reason}\n      doCheck = false;\n`);
  });

  it('explains every field of the JSON', () => {
    const [, table = ''] = PAGE.split(/^\| field \| meaning \|$/mu);
    const value: { packages: readonly { why: object }[] } = JSON.parse(blockOf(PAGE, 'json'));
    const fields = [value, ...value.packages, ...value.packages.map(({ why }) => why)].flatMap(Object.keys);
    expect(fields.filter((field) => field !== 'form' && !table.includes(`\`${field}\``))).toEqual([]);
  });
});

const EXCERPTS: ReadonlySet<string> = new Set([
  'extra',
  'passthru',
  'library',
  'cargo',
  'cargo-file',
  'lacking',
  'named-tests',
]);

/** Excerpts as whole expressions; everything else is one already. */
function whole({ label, text }: { readonly label: string | null; readonly text: string }): string {
  if (label === 'conditions') return `names: with names; {\n${text}}`;
  if (label !== null && EXCERPTS.has(label)) return `names: with names; {\n${text}}`;
  return label === 'datashape' ? `${text}}` : text;
}

describeWithNix('the expressions of the documents', () => {
  const blocks = ['README.md', 'docs/output.md'].flatMap((document) =>
    codeBlocks(textOf(document))
      .filter(({ language }) => language === 'nix')
      .map((block) => [`${document}: ${block.label ?? block.text.slice(0, 40)}`, whole(block)] as const),
  );

  it.each(blocks)('%s can be read by Nix', async (_title, text) => {
    expect(await parseNix(text)).toBe('');
  });

  it.each([
    ['compose', ['datashape'], ['toolz'], 'import ./example.nix'],
    ['extensions', ['datashape'], ['toolz'], 'import ./example.nix'],
    ['combine', ['--release', '16.03', 'toolz==0.7.4'], OLD_COMMAND, '(import ./example.nix).toolz'],
  ])('that puts two files together works: %s', async (label, first, second, expression) => {
    await writeFile(path.join(folder(), 'python-packages.nix'), await printed(first, folder()));
    await writeFile(path.join(folder(), 'more-packages.nix'), await printed(second, folder()));
    await writeFile(path.join(folder(), 'example.nix'), blockOf(PAGE, label));
    const store = await openNixStore();
    try {
      const env = {
        STAND_IN_PLACEHOLDERS:
          'multipledispatch numpy python-dateutil pytest setuptools setuptools-git-versioning versioneer',
      };
      const result = await store.instantiate(expression, { cwd: folder(), env });
      expect(result.ok ? '' : result.stderr).toBe('');
    } finally {
      await store.remove();
    }
  });
});
