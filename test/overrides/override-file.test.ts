// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of override files are spelled like that
import { describe, expect, it } from 'vitest';
import { overrideError, parseOverrideFile } from '../../src/overrides/override-file.ts';
import { rulesOf } from './support/facts.ts';

function faultsOf(text: string): { message: string; hint: string | undefined }[] {
  const source = { file: 'o/demo.toml', project: 'demo', text };
  const errors = parseOverrideFile(source).faults.map((fault) => overrideError(source, fault));
  return errors.map(({ message, hint }) => ({ message: message.split('\n')[0] ?? '', hint }));
}

function changesOf(toml: string) {
  return rulesOf(`[[rule]]\nreason = "r"\n${toml}\n`).flatMap((rule) => rule.changes);
}

describe('parseOverrideFile', () => {
  it('reads a rule with its conditions, its place and its changes', () => {
    expect(
      rulesOf(`# about demo
[[rule]]
when = { version = ">=2,<3", nixpkgs = ">=22.11", marker = 'sys_platform == "linux"' }
buildInputs.add = ["libxml2", "python:pytest"]
buildInputs.remove = ["zlib"]
reason = "links it"
`),
    ).toEqual([
      {
        project: 'demo',
        file: 'overrides/demo.toml',
        line: 2,
        number: 1,
        reason: 'links it',
        comment: true,
        when: {
          version: [
            { operator: '>=', version: '2' },
            { operator: '<', version: '3' },
          ],
          nixpkgs: [{ operator: '>=', version: '22.11' }],
          marker: {
            kind: 'compare',
            left: { kind: 'variable', name: 'sys_platform' },
            operator: '==',
            right: { kind: 'literal', value: 'linux' },
          },
        },
        changes: [
          { kind: 'inputs', list: 'buildInputs', verb: 'remove', entries: [{ kind: 'system', attribute: 'zlib' }] },
          {
            kind: 'inputs',
            list: 'buildInputs',
            verb: 'add',
            entries: [
              { kind: 'system', attribute: 'libxml2' },
              { kind: 'python', name: 'pytest', extras: [], specifier: '', marker: null },
            ],
          },
        ],
      },
    ]);
  });

  it('reads entries of Python lists as requirements and normalises their names', () => {
    const [change] = changesOf('dependencies.add = ["Zope.Interface", "dask[array,Complete] >=2, <3", "system:git"]');

    expect(change).toMatchObject({
      entries: [
        { kind: 'python', name: 'zope-interface' },
        { kind: 'python', name: 'dask', extras: ['array', 'complete'], specifier: '<3,>=2' },
        { kind: 'system', attribute: 'git' },
      ],
    });
  });

  it.each([
    ['doCheck = false', { kind: 'doCheck', value: false }],
    ['disabledTests = ["test_a"]', { kind: 'texts', list: 'disabledTests', verb: 'replace', entries: ['test_a'] }],
    ['disabledTests.add = ["test_a"]', { kind: 'texts', list: 'disabledTests', verb: 'add', entries: ['test_a'] }],
    ['pythonRelaxDeps = ["Ruamel.Yaml"]', { list: 'pythonRelaxDeps', entries: ['ruamel-yaml'] }],
    ['env.OPENBLAS = "${openblas}"', { kind: 'env', parts: [{ attribute: 'openblas', output: 'out' }] }],
    ['license = "MIT OR Apache-2.0"', { kind: 'licence', licences: [{ spdx: 'MIT' }, { spdx: 'Apache-2.0' }] }],
    ['license = "LicenseRef-own"', { kind: 'licence', licences: [{ text: 'LicenseRef-own' }] }],
    ['license = "LicenseRef-Public-Domain"', { kind: 'licence', licences: [{ spdx: 'LicenseRef-Public-Domain' }] }],
    ['homepage = "https://demo.test/"', { kind: 'meta', field: 'homepage', value: 'https://demo.test/' }],
    ['mainProgram = "demo"', { kind: 'meta', field: 'mainProgram', value: 'demo' }],
    ['format = "wheel"', { kind: 'format', value: 'wheel' }],
    ['optional-dependencies.constructor.add = ["six"]', { kind: 'extra', extra: 'constructor', verb: 'add' }],
    ['optional-dependencies.My_Extra.replace = []', { kind: 'extra', extra: 'my-extra', verb: 'replace' }],
  ])('reads %s', (toml, change) => {
    expect(changesOf(toml)).toEqual([expect.objectContaining(change)]);
  });

  it.each(['"rm x"', '"rm x\\n"', "'''\nrm x\n'''", '"\\n\\nrm x\\n\\n"', "'''\r\nrm x\r\n'''"])(
    'makes the same script of %j',
    (value) => {
      expect(changesOf(`postPatch = ${value}`)).toEqual([{ kind: 'text', attribute: 'postPatch', parts: ['rm x\n'] }]);
    },
  );

  it('tells all faults of a file, each with its place', () => {
    expect(
      faultsOf(`title = 3
[[rule]]
buildInput.add = ["x"]
dependencies.add = ["a b", "numpy>=1", 3]
reason = ""

[[rule]]
when = { version = ">>2", nixpgs = ">=22.5" }
propagatedBuildInputs = ["six"]
optional-dependencies.x.ad = ["y"]
postPatch = "echo \${HOME}"
`).map(({ message, hint }) => `${message}\n  ${hint}`),
    ).toEqual([
      'o/demo.toml:1:1: unknown key `title`\n  known here: rule',
      'o/demo.toml:3:1: unknown attribute `buildInput`\n  did you mean `buildInputs`?',
      expect.stringMatching(/^o\/demo\.toml:4:21: entry 1 of `dependencies\.add`: /u),
      expect.stringMatching(/^o\/demo\.toml:4:40: entry 3 of `dependencies\.add`: must be a text\n/u),
      expect.stringMatching(/^o\/demo\.toml:5:1: `reason`: must not be empty\n/u),
      expect.stringMatching(/^o\/demo\.toml:7:1: a rule needs `reason`\n/u),
      expect.stringMatching(/^o\/demo\.toml:8:10: `when\.version`: /u),
      'o/demo.toml:8:27: unknown condition `nixpgs`\n  did you mean `nixpkgs`?',
      'o/demo.toml:9:1: unknown attribute `propagatedBuildInputs`\n  did you mean `dependencies`?',
      'o/demo.toml:10:1: unknown verb `ad`\n  did you mean `add`?',
      expect.stringMatching(/^o\/demo\.toml:11:19: `postPatch`: `\$\{HOME\}` looks like a variable of the shell/u),
    ]);
  });

  it.each([
    ["postPatch = '''\n\nrm x\necho ${HOME}\n'''", '6:6'],
    ['postPatch = """\n\\trm \\\n\n  ${a b}"""', '6:3'],
    ['env.X = "\\u0041\\U0001F600\\n${"', '3:28'],
    ["env = { X = '${lib}' }", '3:14'],
  ])('tells the place of a bad reference inside of %j', (toml, place) => {
    expect(faultsOf(`[[rule]]\nreason = "r"\n${toml}\n`).map(({ message }) => message)).toEqual([
      expect.stringContaining(`o/demo.toml:${place}: `),
    ]);
  });

  it.each([
    ['buildInputs.add = []', '`buildInputs.add`: is empty, which changes nothing'],
    ['disabledTests.remove = []', '`disabledTests.remove`: is empty, which changes nothing'],
    ['when = { nixpkgs = ">=22.13" }\ndoCheck = true', '`>=22.13` is no bound on a release of nixpkgs'],
    ['buildInputs = ["x"]', '`buildInputs`: must say what to do: .add, .remove or .replace'],
    ['buildInputs.add = "x"', '`buildInputs.add`: must be a list'],
    [
      'buildInputs.add = ["libxml2>=2"]',
      '`libxml2>=2` is no attribute of nixpkgs; a Python project is written python:NAME here',
    ],
    ['buildInputs = {}', '`buildInputs`: needs add, remove or replace'],
    [
      'buildInputs.add = ["x"]\nbuildInputs.replace = ["y"]',
      'has replace, which states the whole list, beside add or remove',
    ],
    ['dependencies.remove = ["six>=1"]', 'must be a name alone: all entries of the project are removed'],
    ['dependencies.add = ["six @ https://demo.test/six.zip"]', 'names a URL; an input is a project of the package set'],
    [`dependencies.add = ["six; extra == 'x'"]`, 'depends on an extra; write optional-dependencies.EXTRA.add'],
    [`when = { marker = "extra == 'x'" }\ndoCheck = true`, '`when.marker`: must speak of targets, not of extras'],
    ['when = { nixpkgs = ">=22.5" }\ndoCheck = true', '`>=22.5` is no bound on a release of nixpkgs, such as >=22.11'],
    ['when = ">=2"\ndoCheck = true', '`when`: must be a table'],
    ['doCheck = "no"', '`doCheck`: must be true or false'],
    ['license = "BSD"', '`BSD` is no SPDX licence expression, such as BSD-3-Clause or MIT OR Apache-2.0'],
    ['license = "GPL-2.0+"', '`GPL-2.0+` is the old spelling of an -or-later licence'],
    ['homepage = "javascript:alert(1)"', '`homepage`: must be an http or https URL'],
    ['description = "two\\nlines"', '`description`: must be one line'],
    ['description = "\\u202Eback"', '`description`: has control or invisible characters'],
    ['env."A-B" = "x"', '`env.A-B`: is no name of an environment variable'],
    ['pythonImportsCheck = ["a; import os"]', 'entry 1 of `pythonImportsCheck`: must be a module'],
    ['disabledTestPaths = ["../x"]', 'entry 1 of `disabledTestPaths`: must be a path inside the sdist'],
    ['mainProgram = "a b"', '`mainProgram`: must be the name of a program'],
    ['format = "egg"', '`format`: must be "sdist" or "wheel"'],
    ['__proto__ = 1', 'unknown attribute `__proto__`'],
    ['comment = false', 'the rule changes nothing'],
  ])('refuses %j', (toml, fault) => {
    const faults = faultsOf(`[[rule]]\nreason = "r"\n${toml}\n`);

    expect(faults.map(({ message }) => message).join('\n')).toContain(fault);
  });

  it.each([
    ['[[rule]]\nx = \n', 'o/demo.toml:2:5: this is no TOML: the line ends too early'],
    ["[[rule]]\nx = '''\n", 'o/demo.toml:3:1: this is no TOML: the text ends too early'],
    ['[[rule]]\nx = "\u001b"', 'o/demo.toml:2:6: this is no TOML: the control character U+001B is not expected here'],
    ['[[rule]]\nx = ?\n', 'o/demo.toml:2:5: this is no TOML: `?` is not expected here'],
    ['a = 1\na = 2\n', "o/demo.toml:2:1: Cannot redefine existing key 'a'"],
    ['rule = 1\n', 'o/demo.toml:1:1: `rule` must be a list of tables'],
    ['[rule]\nreason = "r"\n', 'o/demo.toml:1:1: `rule` must be a list of tables'],
    ['rule = [1]\n', 'o/demo.toml:1:9: the rule: must be a table'],
    [`x = ${'['.repeat(2000)}\n`, 'o/demo.toml:1:'],
  ])('tells where %j is no file of rules', (text, message) => {
    expect(faultsOf(text)[0]?.message).toContain(message);
  });

  it('knows no faults of an empty file', () => {
    expect(parseOverrideFile({ file: 'o/demo.toml', project: 'demo', text: '# nothing yet\n' })).toEqual({
      rules: [],
      faults: [],
      isReadable: true,
    });
  });
});
