import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CommandBench } from '../../cli/support/run-command.ts';
import { makeSdist, makeZip, sha256Of } from '../../support/archives.ts';

/** Made-up projects that together ask for all that the forms of the releases differ in. */
export const EIGHT = [
  'made-up-clock',
  'made-up-cutlery',
  'made-up-kettle',
  'made-up-lid',
  'made-up-mill',
  'made-up-oven',
  'made-up-plate',
  'made-up-scale',
] as const;

/** The digest of crates and versions that nobody looks at. */
const CARGO_LOCK = `version = 3

[[package]]
name = "made-up-mill"
version = "1.0.0"
`;

const SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n';

interface Sdist {
  readonly summary: string;
  readonly metadata?: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly requiresPython?: string;
}

const SDISTS: Readonly<Record<string, Sdist>> = {
  // Interpreters that it excludes, and tests of unittest.
  'made-up-clock': {
    summary: 'Tells the time',
    requiresPython: '>=2.7,!=3.4.*,!=3.9.*,!=3.14.*',
    files: {
      'setup.py': 'from setuptools import setup\nsetup()\n',
      'tests/__init__.py': '',
      'tests/test_clock.py':
        'import unittest\n\n\nclass Clock(unittest.TestCase):\n    def test_clock(self):\n        pass\n',
    },
  },
  // Extras and markers.
  'made-up-cutlery': {
    summary: 'A knife, a fork and a spoon',
    metadata: [
      'Requires-Dist: six>=1.5',
      'Requires-Dist: mock; python_version < "3.0"',
      'Requires-Dist: docopt; sys_platform == "darwin"',
      'Requires-Dist: hypothesis; platform_python_implementation != "PyPy"',
      'Requires-Dist: made-up-plate[glaze]',
      'Provides-Extra: gold',
      'Requires-Dist: pyyaml; extra == "gold"',
    ],
    files: { 'setup.py': 'from setuptools import setup\nsetup()\n' },
  },
  // C libraries, one with a namesake in the Python set.
  'made-up-kettle': {
    summary: 'Boils water',
    files: {
      'pyproject.toml':
        '[build-system]\nrequires = ["setuptools", "cython"]\nbuild-backend = "setuptools.build_meta"\n',
      'setup.py':
        'from setuptools import Extension, setup\n\nsetup(ext_modules=[Extension("made_up_kettle._kettle", ["kettle.c"], libraries=["z", "xml2"])])\n',
      'kettle.c': '#include <zlib.h>\n#include <libxml/parser.h>\n',
    },
  },
  // Rust.
  'made-up-mill': {
    summary: 'Grinds',
    files: {
      'pyproject.toml':
        '[build-system]\nrequires = ["setuptools", "setuptools-rust"]\nbuild-backend = "setuptools.build_meta"\n',
      'setup.py':
        'from setuptools import setup\nfrom setuptools_rust import RustExtension\n\nsetup(rust_extensions=[RustExtension("made_up_mill._mill")])\n',
      'Cargo.toml': '[package]\nname = "made-up-mill"\nversion = "1.0.0"\n',
      'Cargo.lock': CARGO_LOCK,
    },
  },
  // A backend that is not setuptools.
  'made-up-oven': {
    summary: 'An oven',
    metadata: ['Requires-Dist: six'],
    files: {
      'pyproject.toml':
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n[project]\nname = "made-up-oven"\nversion = "1.0"\n\n[project.scripts]\nbake = "made_up_oven:bake"\n',
    },
  },
  // Nothing in particular.
  'made-up-plate': {
    summary: 'A plate',
    metadata: ['Provides-Extra: glaze', 'Requires-Dist: docopt; extra == "glaze"'],
    files: { 'setup.py': 'from setuptools import setup\nsetup()\n' },
  },
  // Tests that do not all run, and what rules of an override say.
  'made-up-scale': {
    summary: 'Weighs',
    metadata: ['Requires-Dist: six<2'],
    files: {
      'pyproject.toml': SETUPTOOLS,
      'tests/test_scale.py': 'import pytest\nimport mock\n\n\ndef test_scale():\n    pass\n',
    },
  },
  // What builds made-up-oven and made-up-mill, for sets that do not have it.
  hatchling: { summary: 'Builds', files: { 'setup.py': 'from setuptools import setup\nsetup()\n' } },
  'setuptools-rust': { summary: 'Builds Rust', files: { 'setup.py': 'from setuptools import setup\nsetup()\n' } },
};

/** Puts the eight projects into the index of a bench, and rules for one of them into the folder `rules`, which runs name by --overrides. */
export async function serveEight(bench: CommandBench): Promise<void> {
  for (const [name, sdist] of Object.entries(SDISTS)) {
    const { summary, metadata = [], files, requiresPython } = sdist;
    const lines = [
      ...['Metadata-Version: 2.1', `Name: ${name}`, 'Version: 1.0', `Summary: ${summary}`, 'License: MIT'],
      ...['Classifier: License :: OSI Approved :: MIT License', `Project-URL: Homepage, https://${name}.test/`],
      `Project-URL: Changelog, https://${name}.test/changes/1.0`,
      ...(requiresPython === undefined ? [] : [`Requires-Python: ${requiresPython}`]),
      ...metadata,
    ];
    const module = name.replaceAll('-', '_');
    const made = await makeSdist(name, '1.0', {
      'PKG-INFO': `${lines.join('\n')}\n`,
      [`${module}/__init__.py`]: '',
      ...files,
    });
    bench.index.project(name, [{ ...made, ...(requiresPython === undefined ? {} : { requiresPython }) }]);
  }
  bench.index.project('made-up-lid', [lid()]);
  const rules = path.join(bench.folder, 'rules');
  await mkdir(rules, { recursive: true });
  await writeFile(path.join(rules, 'made-up-scale.toml'), SCALE_RULES);
}

const SCALE_RULES = `[[rule]]
disabledTests.add = ["test_heavy"]
reason = "needs a heavy thing"

[[rule]]
disabledTestPaths.add = ["tests/gui"]
reason = "needs a display"

[[rule]]
pythonRelaxDeps.add = ["six"]
env.SCALE_UNIT = "gram"
reason = "any six will do"
`;

/** A wheel and no sdist. */
function lid(): { readonly filename: string; readonly bytes: Buffer; readonly sha256: string } {
  const metadata =
    'Metadata-Version: 2.1\nName: made-up-lid\nVersion: 1.0\nSummary: A lid\nLicense: MIT\nRequires-Dist: six\n';
  const bytes = makeZip({
    'made_up_lid/__init__.py': '',
    'made_up_lid-1.0.dist-info/METADATA': metadata,
    'made_up_lid-1.0.dist-info/WHEEL': 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    'made_up_lid-1.0.dist-info/RECORD': '',
  });
  return { filename: 'made_up_lid-1.0-py3-none-any.whl', bytes, sha256: sha256Of(bytes) };
}
