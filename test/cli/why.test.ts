import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { kettle, saucer, sdist } from './support/kitchen.ts';
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
    declared in Requires-Dist: colorama; sys_platform == "darwin" (PKG-INFO:7)
  exceptiongroup
    declared in Requires-Dist: exceptiongroup; python_version < "3.13" (PKG-INFO:7)
  made-up-saucer>=1
    declared in Requires-Dist: made-up-saucer>=1 (PKG-INFO:7)
  six (removed)
    rule 1 of rules/made-up-kettle.toml: setup.py, line 3 (rules/made-up-kettle.toml:1)

optional-dependencies.json
  simplejson
    declared in Requires-Dist: simplejson; extra == "json" (PKG-INFO:7)

optional-dependencies.yaml
  pyyaml
    declared in Requires-Dist: pyyaml; extra == "yaml" (PKG-INFO:7)

doCheck: false
  rule 2 of rules/made-up-kettle.toml: the tests boil water (rules/made-up-kettle.toml:6)

pythonImportsCheck: made_up_kettle
  inferred: the modules that the sdist installs, found in its tree and what the build backend says of packages

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
