import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/options.ts';
import { lintOverrides } from '../../src/cli/overrides/lint.ts';
import { describeWithNix, STAND_IN } from '../support/nix.ts';
import { kettle, saucer, sdist } from './support/kitchen.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

/** Writes override files below the working directory. */
async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(path.join(bench().folder, folder), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(bench().folder, folder, name), text);
}

function overrides(...args: string[]): Promise<CommandOutcome> {
  return bench().run(['overrides', ...args, '-q']);
}

function rule(body: string, reason = 'it is so'): string {
  return `[[rule]]\n${body}\nreason = "${reason}"\n`;
}

const KETTLE = [
  rule('buildInputs.add = ["libxml2"]', 'setup.py, line 3'),
  rule('when = { version = "<1" }\ndoCheck = false', 'old tests boil water'),
  rule('when = { nixpkgs = "<17.03" }\nbuildInputs.add = ["zlib"]', 'libxml2 did not propagate it'),
  rule('dependencies.remove = ["made-up-nothing"]', 'nobody has it'),
  rule('description = "Boils water"', 'the same as before'),
].join('\n');

const TARGETS = ['--python', '3.13', '--platform', 'x86_64-linux'];

beforeEach(async () => {
  bench().index.project('made-up-kettle', [await kettle()]);
  bench().index.project('made-up-saucer', [await saucer()]);
});

describe('overrides list', () => {
  it('shows the rules of a project by folder, whether they apply, and why others do not', async () => {
    await write('rules', { 'made-up-kettle.toml': KETTLE, 'made-up-saucer.toml': rule('doCheck = false') });
    const { code, stdout, stderr } = await overrides('list', 'Made_Up.Kettle==1.0', '--overrides', 'rules', ...TARGETS);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.replace(/\(\d+ files\)/u, '(N files)')).toBe(`\
for nixpkgs 24.05 to unstable, Python 3.13, x86_64-linux

shipped: overrides (N files)

user: ~/.config/pypi2nix/overrides (0 files)

--overrides: rules (2 files)
  made-up-kettle
    rule 1, line 1: applies
      buildInputs.add libxml2
      # setup.py, line 3
    rule 2, line 5: does not apply: the version 1.0 is not within <1
      doCheck = false
      # old tests boil water
    rule 3, line 10: does not apply: the form of all current releases is not within <17.03
      buildInputs.add zlib
      # libxml2 did not propagate it
    rule 4, line 15: applies
      dependencies.remove made-up-nothing
      # nobody has it
    rule 5, line 19: applies
      description = Boils water
      # the same as before
`);
  });

  it('leaves open what depends on a version that is not given', async () => {
    await write('rules', { 'made-up-kettle.toml': KETTLE });
    const { stdout } = await overrides('list', 'made-up-kettle', '--overrides', 'rules', '--release', '16.03');

    expect(stdout).toContain('rule 2, line 5: depends on the version: it is for the versions <1\n');
    expect(stdout).toContain('rule 3, line 10: applies\n');
  });

  it('has the folder of a repository between those of the user and of the command line', async () => {
    await write('overrides', { 'made-up-kettle.toml': rule('doCheck = false') });
    await write('.home/.config/pypi2nix/overrides', { 'made-up-kettle.toml': rule('doCheck = true') });
    const before = await overrides('list', 'made-up-kettle', '--json');
    await writeFile(path.join(bench().folder, 'pypi2nix.toml'), '');
    const after = await overrides('list', 'made-up-kettle', '--json', '--overrides', 'overrides');

    expect(labelsOf(before)).toEqual(['overrides', '~/.config/pypi2nix/overrides']);
    expect(labelsOf(after)).toEqual(['overrides', '~/.config/pypi2nix/overrides', './overrides', 'overrides']);
  });

  it('asks no index', async () => {
    await overrides('list');

    expect(bench().server.requests).toEqual([]);
  });
});

function labelsOf({ stdout }: CommandOutcome): string[] {
  return JSON.parse(stdout).folders.map(({ label }: { label: string }) => label);
}

describe('the rules of a repository', () => {
  it('hold in a run inside of it, after those of the user', async () => {
    await write('overrides', { 'made-up-kettle.toml': rule('license = "MPL-2.0"') });
    await write('.home/.config/pypi2nix/overrides', { 'made-up-kettle.toml': rule('license = "Apache-2.0"') });
    const licences = async (): Promise<string> =>
      /licenses\.\w+/u.exec((await bench().run(['made-up-kettle', ...TARGETS])).stdout)?.[0] ?? '';

    expect(await licences()).toBe('licenses.asl20');
    await writeFile(path.join(bench().folder, 'pypi2nix.toml'), '');
    expect(await licences()).toBe('licenses.mpl20');
  });
});

describe('overrides lint', () => {
  it('is content with good files', async () => {
    await write('rules', { 'made-up-kettle.toml': KETTLE });

    expect(await overrides('lint', 'rules')).toEqual({
      code: 0,
      stdout: '1 file checked, nothing found\n',
      stderr: '',
    });
  });

  it('tells all findings of all files with their places, and fails', async () => {
    await write('rules', {
      'a.toml': rule('buildInputs.add = ["zlib", "libxml2"]'),
      'b.toml': '[[rule]]\nbuildInput.add = ["zlib"]\nreason = "r"\n',
    });

    expect(await overrides('lint', 'rules/')).toEqual({
      code: 1,
      stdout: '',
      stderr: `\
error: rules/a.toml:2:28: \`libxml2\` does not come after \`zlib\` (order) [E_OVERRIDE_LINT]
    buildInputs.add = ["zlib", "libxml2"]
                               ^
hint: lists are sorted, capitals before small letters
error: rules/b.toml:2:1: unknown attribute \`buildInput\` (format) [E_OVERRIDE_LINT]
    buildInput.add = ["zlib"]
    ^
hint: did you mean \`buildInputs\`?
`,
    });
  });

  it('ends with 65 when a file is no TOML, whatever else there is', async () => {
    await write('rules', { 'a.toml': rule('buildInputs.add = ["zlib", "libxml2"]'), 'b.toml': '[[rule]\n' });
    const { code, stderr } = await overrides('lint', 'rules/a.toml', 'rules/b.toml');

    expect(code).toBe(65);
    expect(stderr).toMatch(/^error: rules\/a\.toml:2:28: .*^error: rules\/b\.toml:1:\d+: this is no TOML/msu);
  });

  it('tells what is wrong with the other files when one is no text', async () => {
    await write('rules', {
      'a.toml': rule('buildInput.add = ["zlib"]'),
      'c.toml': rule('when = { version = "1" }\ndoCheck = false'),
    });
    await writeFile(path.join(bench().folder, 'rules/b.toml'), Buffer.from('# gr\u00fc\u00dfe\n', 'latin1'));
    const { code, stderr } = await overrides('lint', 'rules');

    expect(code).toBe(65);
    expect(stderr).toBe(`\
error: rules/b.toml:1:5: the file is not UTF-8 text (unreadable) [E_OVERRIDE_LINT]
error: rules/a.toml:2:1: unknown attribute \`buildInput\` (format) [E_OVERRIDE_LINT]
    buildInput.add = ["zlib"]
    ^
hint: did you mean \`buildInputs\`?
error: rules/c.toml:2:10: \`when.version\`: not a version specifier: expected an operator such as >= before the version (format) [E_OVERRIDE_LINT]
    1
    ^
    when = { version = "1" }
             ^
`);
  });

  it('repeats a hint for a finding of another file', async () => {
    await write('rules', {
      'a.toml': rule('buildInput.add = ["zlib"]'),
      'b.toml': rule('docheck = false'),
      'c.toml': rule('buildInput.add = ["zlib"]'),
    });
    const { stderr } = await overrides('lint', 'rules');

    expect(stderr.match(/^hint: .*/gmu)).toEqual([
      'hint: did you mean `buildInputs`?',
      'hint: did you mean `doCheck`?',
      'hint: did you mean `buildInputs`?',
    ]);
  });

  it.each([
    ['Latin 1', Buffer.from([0xe9]), 65],
    ['a file that is not there', null, 74],
  ])('ends with its code for %s', async (_what, bytes, expected) => {
    if (bytes !== null) await writeFile(path.join(bench().folder, 'a.toml'), bytes);

    expect((await overrides('lint', 'a.toml')).code).toBe(expected);
  });

  it('warns of unknown names without failing', async () => {
    await write('rules', { 'a.toml': rule('buildInputs.add = ["made-up-lib"]') });
    const { code, stdout, stderr } = await bench().run(['overrides', 'lint', 'rules']);

    expect({ code, stdout }).toEqual({ code: 0, stdout: '1 file checked, 1 warning, nothing else found\n' });
    expect(stderr).toBe(
      'warning: `made-up-lib` is no attribute of nixpkgs that is known here; see that a current nixpkgs has it (rules/a.toml:2)\n',
    );
  });

  it('fails for a folder that is named and has no override files', async () => {
    await write('rules', { 'readme.txt': 'not here' });
    const { code, stderr } = await overrides('lint', 'rules');

    expect(code).toBe(1);
    expect(stderr).toContain(
      'error: rules has no override files, which are named after projects: lxml.toml [E_NO_OVERRIDES]',
    );
  });

  it('gives CI its findings as JSON, with the exit code of the result', async () => {
    await write('rules', { 'a.toml': rule('buildInputs.add = ["zlib", "libxml2"]') });
    const invocation = parseArguments(['overrides', 'lint', 'rules', '--json'], { version: '1', environment: {} });
    if (invocation.kind !== 'overrides') throw new Error('it is a line of overrides');
    const { stdout, exit } = await lintOverrides(invocation.options, {
      environment: {},
      directory: bench().folder,
      onProgress: () => {},
    });

    expect(exit).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      form: 1,
      files: ['rules/a.toml'],
      findings: [
        {
          code: 'order',
          fails: true,
          file: 'rules/a.toml',
          line: 2,
          column: 28,
          text: '`libxml2` does not come after `zlib`',
          hint: 'lists are sorted, capitals before small letters',
        },
      ],
    });
  });

  it('shows nothing of a file that a terminal would obey', async () => {
    await write('rules', { 'a.toml': `[[rule]]\nreason = "\\u001b[31mred"\ndoCheck = false # \u202e\u001b[2J\n` });
    const { code, stderr } = await overrides('lint', 'rules');

    expect(code).not.toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/u);
  });

  it('--redundant finds rules that make no difference', async () => {
    await write('rules', { 'made-up-kettle.toml': KETTLE });
    const { code, stderr } = await bench().run(['overrides', 'lint', 'rules', '--redundant']);

    expect(code).toBe(1);
    expect(stderr.split('\n').filter((line) => /^(?:error|note):/u.test(line))).toEqual([
      'note: made-up-kettle: rule 2 was not tried: no version of made-up-kettle matches <1: its versions are 1.0 (rules/made-up-kettle.toml:5)',
      'error: rules/made-up-kettle.toml:15:1: the rule makes no difference to made-up-kettle 1.0 (redundant) [E_OVERRIDE_LINT]',
      'error: rules/made-up-kettle.toml:19:1: the rule makes no difference to made-up-kettle 1.0 (redundant) [E_OVERRIDE_LINT]',
    ]);
  });
});

describe('overrides explain', () => {
  it('shows what each rule changes, one after the other', async () => {
    await write('rules', { 'made-up-kettle.toml': KETTLE });
    const { code, stdout } = await overrides('explain', 'made-up-kettle', '--overrides', 'rules');

    expect(code).toBe(0);
    expect(stdout).toBe(`\
made-up-kettle 1.0 for nixpkgs 24.05 to unstable

rule 1 of rules/made-up-kettle.toml, line 1: applies
# setup.py, line 3
+ buildInputs: libxml2

rule 2 of rules/made-up-kettle.toml, line 5: does not apply: the version 1.0 is not within <1
# old tests boil water

rule 3 of rules/made-up-kettle.toml, line 10: does not apply: the form of all current releases is not within <17.03
# libxml2 did not propagate it

rule 4 of rules/made-up-kettle.toml, line 15: applies
# nobody has it
  changes nothing

rule 5 of rules/made-up-kettle.toml, line 19: applies
# the same as before
  changes nothing
`);
  });

  it('warns of a phase that a rule puts in place of that of another', async () => {
    await write('rules', { 'made-up-kettle.toml': `${rule('postPatch = "a"')}\n${rule('postPatch = "b"')}` });
    const { stderr } = await bench().run(['overrides', 'explain', 'made-up-kettle', '--overrides', 'rules']);

    expect(stderr).toContain(
      'rule 2 of rules/made-up-kettle.toml puts its postPatch in place of that of rule 1 of rules/made-up-kettle.toml',
    );
  });

  it('explains what is named by its folder', async () => {
    await write('project', { 'pyproject.toml': '[project]\nname = "made-up-cup"\nversion = "3"\n' });
    await write('rules', { 'made-up-cup.toml': rule('doCheck = false') });
    const { code, stdout } = await overrides('explain', './project', '--overrides', 'rules');

    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `\
made-up-cup 3 for nixpkgs 24.05 to unstable

rule 1 of rules/made-up-cup.toml, line 1: applies
# it is so
+ doCheck: false
`,
    });
  });

  it('says that there is nothing to explain', async () => {
    expect((await overrides('explain', 'made-up-saucer')).stdout).toBe(
      'made-up-saucer 1.0 for nixpkgs 24.05 to unstable\n\nno folder has rules for it\n',
    );
  });

  it('shows what a rule takes away', async () => {
    await write('rules', { 'made-up-kettle.toml': rule('dependencies.replace = ["six"]\nlicense = "MPL-2.0"') });
    const { stdout } = await overrides('explain', 'made-up-kettle', '--json', '--overrides', 'rules', ...TARGETS);

    expect(JSON.parse(stdout).rules).toMatchObject([
      { applies: true, gone: ['dependencies: made-up-saucer>=1', 'license: MIT'], added: ['license: MPL-2.0'] },
    ]);
  });
});

describe('overrides test', () => {
  const withoutNix = (...args: string[]): Promise<CommandOutcome> =>
    bench().run(['overrides', 'test', 'made-up-saucer', '-q', ...args], { PATH: bench().folder });

  it('tells honestly what could not be tried without Nix', async () => {
    const { code, stdout } = await withoutNix();

    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `\
made-up-saucer for nixpkgs 24.05 to unstable
  generate: passed
  parse: not tried: Nix is not on PATH
  evaluate: not tried: Nix is not on PATH
  build: not tried: --build builds it
`,
    });
  });

  it.each([['--build'], ['--package-set=somewhere']])(
    'fails where %s asks for a Nix that is not there',
    async (flag) => {
      const { code, stderr } = await withoutNix(flag);

      expect(code).toBe(69);
      expect(stderr).toContain('could not be tried: parse: Nix is not on PATH [E_NIX_MISSING]');
    },
  );
});

describeWithNix('overrides test with Nix', () => {
  const withNix = (...args: string[]): Promise<CommandOutcome> => {
    const state = (name: string): string => path.join(bench().folder, 'nix', name);
    return bench().run(['overrides', 'test', 'made-up-saucer', '-q', ...args], {
      PATH: process.env.PATH ?? '',
      NIX_STORE_DIR: state('store'),
      NIX_STATE_DIR: state('state'),
      NIX_LOCALSTATE_DIR: state('state'),
      NIX_LOG_DIR: state('log'),
      NIX_CONF_DIR: state('conf'),
      NIX_REMOTE: '',
    });
  };

  it('evaluates with the package set that is named', async () => {
    bench().index.project('setuptools', [await sdist('setuptools', '70.0', { buildRequires: [] })]);
    const { code, stdout, stderr } = await withNix('--package-set', STAND_IN, '--deps', 'all', '--bootstrap');

    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `\
made-up-saucer for nixpkgs 24.05 to unstable
  generate: passed
  parse: passed
  evaluate: passed
  build: not tried: --build builds it
`,
      stderr: '',
    });
  });

  it('lets no reason and no text of a rule become Nix code', async () => {
    const hostile = `*/ '' \${builtins.abort 1} " \\\\ ; }`;
    await write('rules', {
      'made-up-saucer.toml': `[[rule]]\npreBuild = '''\necho "'' */ "'''\ndoCheck = false\nreason = '''${hostile}'''\n`,
    });
    const { code, stdout, stderr } = await withNix('--overrides', 'rules');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('  parse: passed\n');
  });

  it('says that there is no nixpkgs', async () => {
    const { code, stdout } = await withNix();

    expect(code).toBe(0);
    expect(stdout).toContain(
      '  parse: passed\n  evaluate: not tried: there is no <nixpkgs>; --package-set names one\n',
    );
  });

  it('fails with what Nix says when the package set lacks something', async () => {
    const { code, stdout, stderr } = await withNix('--package-set', STAND_IN);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      'error: made-up-saucer for nixpkgs 24.05 to unstable: evaluate failed [E_OVERRIDE_TEST]\n',
    );
    expect(stderr).toContain("called without required argument 'setuptools'");
  });

  it('takes the name of a package set for no Nix code', async () => {
    const { code, stderr } = await withNix('--package-set', '"; abort "x');

    expect(code).toBe(1);
    expect(stderr).toContain('"; abort "x');
    expect(stderr).toMatch(/No such file|does not exist/u);
  });
});

describe('the command line of overrides', () => {
  it.each([
    [[], 'no action is given: list, lint, explain or test'],
    [['lnt'], 'overrides has no action "lnt": list, lint, explain or test'],
    [['explain'], 'overrides explain takes one project, not 0'],
    [['test', 'a', 'b'], 'overrides test takes one project, not 2'],
    [['list', '--build'], '--build means nothing to overrides list'],
    [['list', '--offline'], '--offline means nothing to overrides list'],
    [['lint', '--offline'], '--offline means nothing to overrides lint'],
    [['explain', 'a', '--redundant'], '--redundant means nothing to overrides explain'],
    [['explain', 'a', '--deps', 'all'], '--deps means nothing to overrides explain'],
    [['lint', '--redundant', '--release', '16.03'], '--release means nothing to overrides lint --redundant'],
    [['test', 'a', '--offline', '--refresh'], '--offline and --refresh exclude each other'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await bench().run(['overrides', ...args]);

    expect(code).toBe(2);
    expect(stderr).toContain(`error: ${message}`);
  });

  it('has its help under each action', async () => {
    const { code, stdout } = await bench().run(['help', 'overrides', 'lint']);

    expect(code).toBe(0);
    expect(stdout).toBe((await bench().run(['help', 'overrides'])).stdout);
  });

  it('explains itself', async () => {
    const { stdout } = await bench().run(['overrides', '--help']);

    await expect(stdout).toMatchFileSnapshot('../golden/help-overrides.txt');
  });
});
