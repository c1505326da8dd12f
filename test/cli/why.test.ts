import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { kettle, saucer, sdist, wheel } from './support/kitchen.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

const RULES = `[[rule]]
buildInputs.add = ["libxml2"]
dependencies.remove = ["six"]
reason = "setup.py, line 3\\u002E"

[[rule]]
when = { nixpkgs = ">=24.05" }
doCheck = false
license = "Apache-2.0"
reason = "the tests boil water"
`;

beforeEach(async () => {
  bench().index.project('made-up-kettle', [await kettle()]);
  bench().index.project('made-up-saucer', [await saucer()]);
  const folder = path.join(bench().folder, 'rules');
  await mkdir(folder);
  await writeFile(path.join(folder, 'made-up-kettle.toml'), RULES);
});

const TARGETS = ['--python', '3.13,3.12', '--platform', 'x86_64-linux,aarch64-darwin'];

async function answer(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await bench().run(['why', ...args, '-q', ...TARGETS]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return `\n${stdout}`;
}

describe('why', () => {
  it('tells of each input and attribute where it comes from', async () => {
    expect(await answer('made-up-kettle', '--overrides', 'rules')).toBe(`
made-up-kettle 1.0

build-system
  setuptools
    declared in build-system.requires (pyproject.toml:2)

buildInputs
  libxml2
    rule 1 of rules/made-up-kettle.toml: setup.py, line 3 (rules/made-up-kettle.toml:1)

dependencies
  colorama
    declared in Requires-Dist: colorama; sys_platform == "darwin" (PKG-INFO:10)
  exceptiongroup
    declared in Requires-Dist: exceptiongroup; python_version < "3.13" (PKG-INFO:9)
  made-up-saucer>=1
    declared in Requires-Dist: made-up-saucer>=1 (PKG-INFO:7)
  six (removed)
    rule 1 of rules/made-up-kettle.toml: setup.py, line 3 (rules/made-up-kettle.toml:1)

optional-dependencies.json
  simplejson
    declared in Requires-Dist: simplejson; extra == "json" (PKG-INFO:14)

optional-dependencies.yaml
  pyyaml
    declared in Requires-Dist: pyyaml; extra == "yaml" (PKG-INFO:12)

doCheck: false
  rule 2 of rules/made-up-kettle.toml: the tests boil water (rules/made-up-kettle.toml:6)

pythonImportsCheck: made_up_kettle
  inferred: the sdist has the module: made_up_kettle (made_up_kettle/__init__.py)

description: Boils water
  the Summary (PKG-INFO:5)

homepage: https://kettle.test/
  the Home-page (PKG-INFO:6)

license: Apache-2.0
  rule 2 of rules/made-up-kettle.toml: the tests boil water (rules/made-up-kettle.toml:6)

format: sdist
  inferred: built from made_up_kettle-1.0.tar.gz
`);
  });

  it.each([
    ['an input, however it is spelled', 'Made_Up.Saucer', 'dependencies\n  made-up-saucer>=1\n'],
    ['a list', 'build-system', 'build-system\n  setuptools\n'],
    ['an attribute', 'license', 'license: MIT\n'],
    ['all extras', 'optional-dependencies', 'optional-dependencies.json\n  simplejson\n'],
    ['one extra', 'optional-dependencies.yaml', 'optional-dependencies.yaml\n  pyyaml\n'],
  ])('explains %s alone', async (_what, word, expected) => {
    const text = await answer('made-up-kettle', word);

    expect(text).toContain(`\nmade-up-kettle 1.0\n\n${expected}`);
    expect(text).not.toContain('homepage');
  });

  it('names what is near to an input that is not there', async () => {
    const { code, stdout, stderr } = await bench().run(['why', 'made-up-kettle', 'licence', '-q', ...TARGETS]);

    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'error: made-up-kettle has no input and no attribute "licence" [E_NO_SUCH_INPUT]\nhint: did you mean license?\n',
    });
  });

  it('takes the version of the requirement', async () => {
    bench().index.project('made-up-kettle', [await kettle('1.0'), await kettle('2.0')]);

    expect(await answer('made-up-kettle<2', 'license')).toContain('\nmade-up-kettle 1.0\n');
  });

  it('tells of each field of pyproject.toml its line', async () => {
    const pyproject = `[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "made-up-plate"
license-files = ["LICENSE"]
license = "MIT"
description = "Holds food"

[project.urls]
Homepage = "https://plate.test/"
"Release notes" = "https://plate.test/changes/1.0"

[project.scripts]
plate = "made_up_plate:main"
`;
    const files = {
      'pyproject.toml': pyproject,
      'PKG-INFO': 'Metadata-Version: 2.1\nName: made-up-plate\nVersion: 1.0\n',
      'made_up_plate.egg-info/top_level.txt': 'made_up_plate\n',
    };
    bench().index.project('made-up-plate', [await sdist('made-up-plate', '1.0', { files })]);

    expect((await answer('made-up-plate')).split('\n\npythonImportsCheck')[1]).toBe(`: made_up_plate
  named in top_level.txt: made_up_plate (made_up_plate.egg-info/top_level.txt:1)
  inferred: the sdist has the module: made_up_plate (made_up_plate/__init__.py)

description: Holds food
  project.description (pyproject.toml:9)

homepage: https://plate.test/
  the URL “Homepage” (pyproject.toml:12)

changelog: https://plate.test/changes/1.0
  the URL “Release notes” (pyproject.toml:13)

license: MIT
  the licence expression “MIT” (pyproject.toml:8)

mainProgram: plate
  the only script (pyproject.toml:16)

format: sdist
  inferred: built from made_up_plate-1.0.tar.gz
`);
  });

  it('tells which statements decide the licence, and where they stand', async () => {
    const fields = ['License: BSD', 'Classifier: Topic :: Food', 'Classifier: License :: OSI Approved :: MIT License'];
    const files = { 'PKG-INFO': `Metadata-Version: 2.1\nName: made-up-plate\nVersion: 1.0\n${fields.join('\n')}\n` };
    bench().index.project('made-up-plate', [await sdist('made-up-plate', '1.0', { files })]);

    expect(await answer('made-up-plate', 'license')).toContain(`
license: MIT
  the classifier “License :: OSI Approved :: MIT License” (PKG-INFO:6)
`);
  });

  it('tells the lines of the METADATA of a wheel, in --json too', async () => {
    const lines = [
      'Summary: Holds food.',
      'Project-URL: Homepage, https://plate.test/',
      'Requires-Dist: six (>=1.0)',
      "Requires-Dist: made-up-saucer; python_version < '4'",
    ];
    bench().index.project('made-up-plate', [wheel('made-up-plate', '1.0', { lines })]);

    expect(await answer('made-up-plate', '--format', 'wheel')).toContain(`
dependencies
  made-up-saucer
    declared in Requires-Dist of made_up_plate-1.0-py3-none-any.whl: made-up-saucer; python_version < "4" (METADATA:8)
  six>=1.0
    declared in Requires-Dist of made_up_plate-1.0-py3-none-any.whl: six>=1.0 (METADATA:7)

checkRunner: none
  inferred: a wheel has no tests

pythonImportsCheck: made_up_plate
  inferred: the RECORD of the wheel has the module: made_up_plate (made_up_plate/__init__.py)

description: Holds food
  the Summary (METADATA:5)

homepage: https://plate.test/
  the Project-URL “Homepage” (METADATA:6)

license: MIT
  the licence expression “MIT” (METADATA:4)
`);
    const { why } = JSON.parse(await answer('made-up-plate', '--format', 'wheel', '--json'));
    expect(why.attributes.homepage.origins).toEqual([
      { kind: 'requirement', text: 'the Project-URL “Homepage”', file: 'METADATA', line: 6 },
    ]);
    expect(why.dependencies.six).toEqual([expect.objectContaining({ file: 'METADATA', line: 7 })]);
  });

  it('tells the line of entry_points.txt of a wheel, in --json too', async () => {
    const entryPoints = '[gui_scripts]\ncloth = it:main\n\n[console_scripts]\nPlate = it:main\n';
    bench().index.project('made-up-plate', [wheel('made-up-plate', '1.0', { entryPoints })]);

    const asked = ['made-up-plate', 'mainProgram', '--format', 'wheel'];
    expect(await answer(...asked)).toContain(`
mainProgram: Plate
  inferred: the only console script of the wheel (entry_points.txt:5)
`);
    const { why } = JSON.parse(await answer(...asked, '--json'));
    expect(why.attributes.mainProgram.origins).toEqual([
      expect.objectContaining({ file: 'entry_points.txt', line: 5 }),
    ]);
  });

  it('tells the line of each requirement of an extra that tests need', async () => {
    const metadata = [
      'Provides-Extra: test',
      'Requires-Dist: pytest; extra == "test"',
      'Requires-Dist: six; extra == "test"',
    ];
    const files = { 'tests/test_it.py': 'import pytest\nimport six\ndef test_it():\n    pass\n' };
    bench().index.project('made-up-plate', [await sdist('made-up-plate', '1.0', { metadata, files })]);

    const lines = (await answer('made-up-plate', 'nativeCheckInputs')).match(/PKG-INFO:\d+/gu) ?? [];
    expect(new Set(lines).size).toBe(2);
  });

  it('tells the lines of the METADATA where the sdist leaves its requirements open', async () => {
    const metadata = ['Dynamic: Requires-Dist'];
    bench().index.project('made-up-plate', [
      await sdist('made-up-plate', '1.0', {
        metadata,
        files: { 'setup.py': 'import os\nfrom setuptools import setup\nsetup(install_requires=os.listdir("/"))\n' },
      }),
      wheel('made-up-plate', '1.0', { lines: ['Requires-Dist: six'] }),
    ]);

    expect(await answer('made-up-plate', 'six')).toContain(
      '\n    declared in Requires-Dist of made_up_plate-1.0-py3-none-any.whl (METADATA:5)\n',
    );
  });

  it('has the same trace in --json as generate has', async () => {
    const rules = ['--overrides', 'rules'];
    const own = JSON.parse(await answer('made-up-kettle', '--json', ...rules));
    const all = await bench().run(['generate', 'made-up-kettle', '--json', '-q', ...TARGETS, ...rules]);
    const { why } = JSON.parse(all.stdout).packages.find(({ name }: { name: string }) => name === 'made-up-kettle');

    expect(own).toMatchObject({ form: 1, name: 'made-up-kettle', version: '1.0' });
    for (const part of ['dependencies', 'buildInputs', 'optional-dependencies', 'left-out', 'removed', 'overrides'])
      expect({ [part]: own.why[part] }).toEqual({ [part]: why[part] });
    expect(why.attributes.license).toEqual(own.why.attributes.license);
    expect(why.removed).toEqual([
      {
        attribute: 'dependencies',
        name: 'six',
        value: 'six',
        origins: [expect.objectContaining({ kind: 'override', line: 1, file: 'rules/made-up-kettle.toml' })],
      },
    ]);
  });

  it('shows nothing of a release that a terminal would obey', async () => {
    const evil = await sdist('made-up-evil', '1.0', {
      metadata: ['Summary: \u001b[31mred\u001b]0;title\u0007', 'Home-page: https://evil.test/', 'Requires-Dist: six'],
    });
    bench().index.project('made-up-evil', [evil]);

    const text = await answer('made-up-evil');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/u);
    expect(text).toContain('description: [31mred]0;title');
  });

  it.each([
    [['-r', 'requirements.txt'], 'error: no project is named, for example: pypi2nix why lxml libxml2 [E_USAGE]'],
    [['a', 'b', 'c'], 'error: why explains one project and one input, not 2 [E_USAGE]'],
    [['a', '-o', 'x'], "error: unknown option '-o' [E_USAGE]"],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await bench().run(['why', ...args]);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('explains itself', async () => {
    const { stdout } = await bench().run(['why', '--help']);

    await expect(stdout).toMatchFileSnapshot('../golden/help-why.txt');
  });
});
