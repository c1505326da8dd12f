import { describe, expect, it } from 'vitest';
import { classify } from '../../src/classify/classify.ts';
import type { SdistFacts } from '../../src/metadata/release-facts.ts';
import { staticRequirements } from '../../src/metadata/release-requirements.ts';
import { factsOf, pkgInfo } from './support/facts.ts';

const SETUP = 'import os, sys\nfrom setuptools import setup, Extension\n';

async function scriptOf(script: string, files: Readonly<Record<string, string>> = {}) {
  const facts: SdistFacts = await factsOf({ 'PKG-INFO': pkgInfo('2.1'), 'setup.py': `${SETUP}${script}`, ...files });
  const { imports = [], installRequires } = facts.setupScript ?? {};
  return {
    imports: imports.map(({ module }) => module).filter((module) => module !== 'setuptools'),
    installRequires: installRequires?.kind === 'known' ? installRequires.value : installRequires?.kind,
    unknowns: facts.unknowns.map(({ what, why }) => `${what}: ${why}`),
    facts,
  };
}

describe('modules of the sdist that setup.py imports', () => {
  it.each([
    ['sys.path.insert(0, "build/python")'],
    ['sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "build", "python"))'],
    ['sys.path = ["build/python"] + sys.path'],
    ['sys.path += ["build/python"]'],
    ['import pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).parent / "build" / "python"))'],
  ])('are followed into folders that it puts on sys.path: %s', async (change) => {
    const read = await scriptOf(`${change}\nfrom needs import NEEDS\nimport helper\nsetup(install_requires=NEEDS)\n`, {
      'build/python/needs.py': 'NEEDS = ["six"]\n',
      'build/python/helper.py': '',
    });
    expect(read).toMatchObject({ imports: [], installRequires: ['six'], unknowns: [] });
  });

  it('are looked for in what is on the path when they are imported', async () => {
    const script =
      'sys.path.insert(0, "pkg")\nfrom _build import NEEDS\ndel sys.path[0]\nsetup(install_requires=NEEDS)\n';
    const read = await scriptOf(script, { 'pkg/_build.py': 'NEEDS = ["six"]\n' });
    expect(read).toMatchObject({ imports: [], installRequires: ['six'] });
  });

  it('may be those of a project where the change of sys.path is not known, which a note tells', async () => {
    const script = 'sys.path.insert(0, where())\nimport helper\nimport real\nsetup()\n';
    const read = await scriptOf(script, { 'deep/down/helper.py': '' });
    expect(read.imports).toEqual(['real']);
    expect(read.unknowns).toEqual([
      'whose module helper is: it may be deep/down/helper.py, since setup.py changes sys.path',
    ]);
  });

  it('are not looked for elsewhere where sys.path stays as it is', async () => {
    expect((await scriptOf('import numpy\nsetup()\n', { 'pkg/compat/numpy.py': '' })).imports).toEqual(['numpy']);
  });
});

describe('projects that build-system.requires names', () => {
  it('can be imported', async () => {
    const script =
      'try:\n    import Cython\n    library = "z"\nexcept ImportError:\n    library = "png"\n' +
      'setup(ext_modules=[Extension("a", ["a.c"], libraries=[library])])\n';
    const requires = (name: string) => ({
      'pyproject.toml': `[build-system]\nrequires = ["setuptools", "${name}"]\n`,
    });
    expect((await scriptOf(script, requires('cython'))).facts.setupScript?.libraries).toMatchObject({ value: ['z'] });
    expect((await scriptOf(script, requires('six'))).facts.setupScript?.libraries.kind).toBe('unknown');
  });
});

describe('libraries of extensions', () => {
  const systems = 'import platform\n';
  it.each([
    [
      'libs = ["z"]\nif sys.platform == "linux":\n    libs.append("udev")\n',
      ['udev', 'z'],
      { udev: 'sys_platform == "linux"' },
    ],
    ['libs = ["z"]\nif sys.platform.startswith("win"):\n    libs.append("ws2_32")\n', ['z'], undefined],
    [
      `${systems}libs = ["png"]\nif platform.uname().system == "Darwin":\n    libs.append("iconv")\n`,
      ['iconv', 'png'],
      { iconv: 'platform_system == "Darwin"' },
    ],
    ['libs = ["z"]\nif type("a") is str:\n    libs += ["png"]\n', ['png', 'z'], undefined],
    ['libs = ["z", "png"]\ndel libs[:]\nlibs.append("xml2")\n', ['xml2'], undefined],
  ])('keep the condition of their platform: %j', async (libs, value, markers) => {
    const { facts } = await scriptOf(`${libs}setup(ext_modules=[Extension("a", ["a.c"], libraries=libs)])\n`);
    expect(facts.setupScript?.libraries).toMatchObject({ kind: 'known', value });
    expect(facts.setupScript?.libraryMarkers).toEqual(markers);
  });

  it('are known by the argument that names each', async () => {
    const script = [
      'setup(ext_modules=[',
      '    Extension("a", ["a.c"],',
      '              libraries=["z"]),',
      '    Extension("b", ["b.c"], libraries=["z", "png"],',
      '              extra_link_args=["-lxml2"]),',
      '])',
    ].join('\n');
    const { facts } = await scriptOf(`${script}\n`);
    expect(facts.setupScript?.libraryPlaces).toEqual({
      z: { file: 'setup.py', line: 5 },
      png: { file: 'setup.py', line: 6 },
      xml2: { file: 'setup.py', line: 7 },
    });
  });

  it('are of modules below ext_package, which are no modules of their own', async () => {
    const script = 'setup(packages=["pkg"], ext_package="pkg", ext_modules=[Extension("fast", ["a.c"])])\n';
    expect((await scriptOf(script, { 'pkg/__init__.py': '' })).facts.modules).toEqual(['pkg']);
  });
});

describe('the fields of PKG-INFO', () => {
  it('have their lines, the description none', async () => {
    const facts = await factsOf({
      'PKG-INFO': pkgInfo('2.1', 'Summary: s', 'Project-URL: Source, https://a.test/', '', 'License: no field'),
    });
    expect(facts.fieldLines).toEqual({ summary: 4, 'project-url: source': 5 });
  });
});

describe('the origin of an input', () => {
  const more = ['Requires-Dist: six', 'Requires-Dist: attrs; extra == "more"', 'Requires-Dist: mock; extra == "test"'];
  const SDISTS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    [
      'setuptools with metadata of the sdist',
      {
        'PKG-INFO': pkgInfo('2.2', ...more, 'Provides-Extra: more', 'Provides-Extra: test'),
        'pyproject.toml':
          '[build-system]\nrequires = [\n  "setuptools",\n  "swig",\n]\n\n[dependency-groups]\ndev = []\ntests = ["pytest"]\n',
        'setup.py': `${SETUP}import numpy\nsetup(ext_modules=[Extension("a", ["a.c"], libraries=["z"])])\n`,
        'a.c': '#include <stdio.h>\n#include <png.h>\n',
        'tests/test_a.py': '# A test.\nimport yaml\n',
        'tox.ini': '[testenv]\ndeps = pytest-mock\n',
      },
    ],
    [
      'meson-python with [project]',
      {
        'pyproject.toml':
          '[build-system]\nrequires = ["meson-python"]\nbuild-backend = "mesonpy"\n\n[project]\nname = "sample"\nversion = "1"\ndependencies = ["six"]\n\n[project.optional-dependencies]\nmore = ["attrs"]\n',
        'meson.build': "project('sample', 'c')\ndependency('zlib')\n",
      },
    ],
    [
      'setup.py alone',
      {
        'setup.py': `${SETUP}setup(\n  install_requires=["six"],\n  extras_require={"more": ["attrs"]},\n  setup_requires=["cffi"],\n)\n`,
      },
    ],
  ];

  it.each(SDISTS)('is a file and a line of the sdist: %s', async (_, files) => {
    const sdist = await factsOf(files);
    const known = staticRequirements(sdist, 'sample');
    const originOf = ({ what, ...place }: typeof known.places.base) => ({ text: `declared in ${what}`, ...place });
    const facts = classify(
      {
        name: 'sample',
        version: '1.0',
        source: { kind: 'sdist', filename: 'sample-1.0.tar.gz', sha256: '0'.repeat(64), url: 'https://files.test/a' },
        facts: { kind: 'sdist', sdist },
        requirements: known.requirements,
        requirementsFrom: originOf(known.places.base),
        extrasFrom: originOf(known.places.extras),
        requiresPython: null,
        notes: [],
      },
      { targets: [{ python_version: '3.13', python_full_version: '3.13.0', sys_platform: 'linux', os_name: 'posix' }] },
    );
    const inputs = [...Object.values(facts.inputs), ...Object.values(facts.optionalDependencies)].flat();
    const origins = inputs.flatMap((input) => input.origins);
    expect(origins.length).toBeGreaterThan(2);
    for (const { text, file, line } of origins) {
      // That something is missing stands nowhere.
      if (text.startsWith('there is no pyproject.toml')) continue;
      const lines = (files[file ?? ''] ?? '').split('\n');
      const isThere = line !== undefined && line >= 1 && (lines[line - 1] ?? '').trim() !== '';
      expect([text, file, isThere]).toEqual([text, file, true]);
      expect(text.endsWith(` ${file}`)).toBe(false);
    }
  });
});
