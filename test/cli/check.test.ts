import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { saucer, sdist } from './support/kitchen.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

/** What the made-up Nix says: of each derivation by the name of its package. */
interface MadeUpNix {
  /** Messages of evaluations that fail. */
  readonly evaluation?: Readonly<Record<string, string>>;
  /** Logs of builds that fail. */
  readonly builds?: Readonly<Record<string, string>>;
  /** What has to stand in an expression for its build to go well. */
  readonly until?: Readonly<Record<string, string>>;
  /** Packages that a package needs. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
  /** The package whose builder fails where a package is built. */
  readonly failsWith?: Readonly<Record<string, string>>;
  /** What has to stand in an expression for its package to need them. */
  readonly needsOnce?: Readonly<Record<string, string>>;
  /** Sets of interpreters that the nixpkgs does not have. */
  readonly withoutSets?: readonly string[];
  /** Parse errors by package. */
  readonly parsing?: Readonly<Record<string, string>>;
}

/** A program that answers as the commands of Nix do, as far as a check asks them. */
const PROGRAM = `#!${process.execPath}
const { readFileSync } = require('node:fs');
const { basename } = require('node:path');
const said = JSON.parse(readFileSync(process.env.MADE_UP_NIX, 'utf8'));
const args = process.argv.slice(2);
const textOf = (name) => readFileSync('pkgs/' + name + '/default.nix', 'utf8');
const drv = (name) => '/nix/store/' + String(textOf(name).length).padStart(32, '0') + '-' + name + '-1.0.drv';
const nameOf = (path) => /[0-9]{32}-(.*)-1\\.0\\.drv$/.exec(path)?.[1];
const fail = (text) => { process.stderr.write(text + '\\n'); process.exit(1); };
if (basename(process.argv[1]) === 'nix-instantiate') {
  if (args[0] === '--find-file') fail('no nixpkgs');
  if (args[0] === '--parse') {
    for (const [name, text] of Object.entries(said.parsing ?? {})) if (args.some((arg) => arg.includes('/' + name + '/'))) fail(text);
    process.exit(0);
  }
  if (args.includes('sets')) {
    const sets = JSON.parse(args[args.indexOf('sets') + 1]).filter((set) => !said.withoutSets?.includes(set));
    process.stdout.write(JSON.stringify(sets));
    process.exit(0);
  }
  const wanted = JSON.parse(args[args.indexOf('packages') + 1]);
  for (const { attribute } of wanted) if (said.evaluation?.[attribute]) fail(said.evaluation[attribute]);
  process.stdout.write(JSON.stringify(wanted.map(({ attribute }) => ({ drv: drv(attribute), interpreter: '3.13', version: '1.0', inputs: [], modules: [] }))));
} else {
  const asked = nameOf(args.at(-1));
  const name = args.includes('--realise') ? (said.failsWith?.[asked] ?? asked) : asked;
  const isNeedy = !said.needsOnce?.[name] || textOf(name).includes(said.needsOnce[name]);
  if (args[0] === '--query') process.stdout.write([name, ...(isNeedy ? (said.needs?.[name] ?? []) : [])].map(drv).join('\\n') + '\\n');
  else if (args[0] === '--read-log') process.stdout.write(said.builds?.[name] ?? '');
  else if (said.builds?.[name] && !(said.until?.[name] && textOf(name).includes(said.until[name]))) {
    if (args.includes('--keep-failed')) process.stderr.write("note: keeping build directory '/tmp/nix-build-" + name + ".drv-0'\\n");
    fail("error: builder for '" + drv(name) + "' failed with exit code 1;");
  }
}
`;

async function repository(...projects: string[]): Promise<void> {
  const out = path.join(bench().folder, 'out');
  for (const project of projects) {
    await mkdir(path.join(out, 'pkgs', project), { recursive: true });
    await writeFile(path.join(out, 'pkgs', project, 'default.nix'), '{ }: { }\n');
  }
  const calls = projects.map((project) => `  ${project} = final.callPackage ./pkgs/${project} { };\n`).join('');
  await writeFile(path.join(out, 'overlay.nix'), `final: prev: {\n${calls}}\n`);
  await writeFile(path.join(out, 'default.nix'), '{ pkgs }: { }\n');
}

/** Runs a check with the made-up Nix alone on PATH. */
async function check(
  args: readonly string[],
  nix: MadeUpNix = {},
  named: readonly string[] = ['--nixpkgs', '/nixpkgs'],
): Promise<CommandOutcome> {
  const bin = path.join(bench().folder, '.bin');
  await mkdir(bin, { recursive: true });
  for (const name of ['nix-instantiate', 'nix-store']) {
    await writeFile(path.join(bin, name), PROGRAM);
    await chmod(path.join(bin, name), 0o755);
  }
  const answers = path.join(bin, 'answers.json');
  await writeFile(answers, JSON.stringify(nix));
  const outcome = await bench().run(['check', 'out', ...named, '--jobs', '1', ...args], {
    PATH: bin,
    MADE_UP_NIX: answers,
  });
  return { ...outcome, stdout: outcome.stdout.replaceAll(/ +\d+\.\d s\n/gu, '  N s\n') };
}

describe('check', () => {
  it('tells that all packages evaluate', async () => {
    await repository('kettle', 'saucer');
    const { code, stdout } = await check([]);
    expect(stdout).toBe(`package  interpreter  result     time
kettle   3.13         evaluated
saucer   3.13         evaluated

2 packages: 2 well
`);
    expect(code).toBe(0);
  });

  it('explains a package that does not evaluate, and exits with 1', async () => {
    await repository('kettle', 'saucer');
    const message = "error: function 'anonymous lambda' called without required argument 'spout'";
    const { code, stdout } = await check([], { evaluation: { kettle: message } });
    expect(stdout).toBe(`package  interpreter  result             time
kettle                does not evaluate
saucer   3.13         evaluated

kettle: does not evaluate
  the package set has no spout, which the expression takes as an argument
    ${message} (line 1)
    hint: generate it too (--deps missing with the user's own --nixpkgs, or --deps all), or remove it by a rule

2 packages: 1 well, 1 failed
`);
    expect(code).toBe(1);
  });

  it('tells a file that Nix cannot read, and checks the others', async () => {
    await repository('kettle', 'saucer');
    const { stdout } = await check([], { parsing: { saucer: "error: syntax error, unexpected '}'" } });
    expect(stdout).toContain('kettle   3.13         evaluated');
    expect(stdout).toContain("saucer: cannot be read\n  Nix cannot read it: unexpected '}'\n");
  });

  it('explains a failed build, keeps its log, and tells what needs it once', async () => {
    await repository('kettle', 'saucer', 'tray');
    const log =
      'Running phase: buildPhase\n\u001b[31ma.c:1:10: fatal error: zlib.h: No such file or directory\u001b[0m\u0007\n';
    const { code, stdout } = await check(['--build', '--keep-failed'], {
      builds: { saucer: log },
      needs: { tray: ['saucer'] },
    });
    const drv = `/nix/store/${String('{ }: { }\n'.length).padStart(32, '0')}-saucer-1.0.drv`;
    expect(stdout).toBe(`package  interpreter  result                   time
kettle   3.13         built  N s
saucer   3.13         build failed  N s
tray     3.13         not built: needs saucer

saucer (3.13): build failed
  the header zlib.h is missing
    a.c:1:10: fatal error: zlib.h: No such file or directory (line 2)
    rule: add zlib to buildInputs
  log: .pypi2nix/tmp-logs/saucer-3.13.log
  kept: /tmp/nix-build-saucer.drv-0
  enter it with: cd /tmp/nix-build-saucer.drv-0 && NIX_BUILD_SHELL=bash nix-shell ${drv}

3 packages: 1 built, 1 failed, 1 not built
`);
    expect(code).toBe(1);
    const folder = path.join(bench().folder, 'out', '.pypi2nix', 'tmp-logs');
    expect(await readFile(path.join(folder, 'saucer-3.13.log'), 'utf8')).toBe(
      'Running phase: buildPhase\na.c:1:10: fatal error: zlib.h: No such file or directory\n',
    );
    expect(await readFile(path.join(folder, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('explains the failure of what a named package needs in the repository, once, and names no other', async () => {
    await repository('kettle', 'saucer', 'tray', 'spoon');
    const { code, stdout } = await check(['kettle', 'tray', '--build', '--keep-failed'], {
      builds: { saucer: "No module named 'yaml'\n" },
      needs: { kettle: ['saucer'], tray: ['saucer'] },
      failsWith: { kettle: 'saucer', tray: 'saucer' },
    });
    const drv = `/nix/store/${String('{ }: { }\n'.length).padStart(32, '0')}-saucer-1.0.drv`;
    expect(stdout).toBe(`package  interpreter  result                   time
kettle   3.13         not built: needs saucer
saucer   3.13         build failed
tray     3.13         not built: needs saucer

saucer (3.13): build failed
  the Python module yaml is missing
    No module named 'yaml' (line 1)
    rule: add pyyaml to build-system
  log: .pypi2nix/tmp-logs/saucer-3.13.log
  kept: /tmp/nix-build-saucer.drv-0
  enter it with: cd /tmp/nix-build-saucer.drv-0 && NIX_BUILD_SHELL=bash nix-shell ${drv}

3 packages: 1 failed, 2 not built
`);
    expect(code).toBe(1);
  });

  it('tells of a requirement that is there in another version that its bound can be relaxed, or pinned', async () => {
    await repository('kettle');
    const { stdout } = await check(['--build'], {
      builds: {
        kettle:
          'Checking runtime dependencies for kettle-1.0-py3-none-any.whl\n  - rich<14 not satisfied by version 14.0.0\n',
      },
    });
    expect(stdout).toContain(`  the requirement rich<14 is not met: 14.0.0 is there
    - rich<14 not satisfied by version 14.0.0 (line 2)
    rule: relax rich (pythonRelaxDeps)
    hint: or pin it: generate again with the requirement rich<14 besides
`);
  });

  it('shows the end of a log that nothing explains', async () => {
    await repository('kettle');
    const { stdout } = await check(['--build'], { builds: { kettle: 'one\nsomething else\n' } });
    expect(stdout).toContain('  nothing that is known here; the end of its messages:\n  | one\n  | something else\n');
  });

  it('checks the named packages alone', async () => {
    await repository('kettle', 'saucer');
    const { stdout } = await check(['saucer']);
    expect(stdout).toContain('1 package: 1 well');
    expect(stdout).not.toContain('kettle');
  });

  it('gives the same as one JSON object', async () => {
    await repository('kettle');
    const { stdout } = await check(['--build', '--json'], { builds: { kettle: "No module named 'yaml'\n" } });
    const { nixpkgs, packages } = JSON.parse(stdout);
    expect(nixpkgs).toEqual({ named: '/nixpkgs', folder: '/nixpkgs', release: null, revision: null });
    const [kettle] = packages;
    expect(kettle).toMatchObject({ name: 'kettle', interpreter: '3.13', result: 'failed', step: 'build' });
    expect(kettle.findings[0].rules[0]).toEqual({
      project: 'kettle',
      changes: [{ kind: 'add', list: 'build-system', entries: ['pyyaml'] }],
      text: 'add pyyaml to build-system',
    });
  });

  it.each([
    [['out', 'spoon'], 'E_NO_SUCH_PACKAGE', 1],
    [['elsewhere/'], 'E_NO_REPOSITORY', 65],
    [['out', '--fix'], 'E_USAGE', 2],
    [['out', '--keep-failed'], 'E_USAGE', 2],
    [['out', '--python', '3.9'], 'E_NO_INTERPRETER', 1],
  ])('%j is refused with %s', async (args, code, exit) => {
    await repository('kettle');
    const outcome = await bench().run(['check', ...args], { PATH: '' });
    expect(outcome.stderr).toContain(`[${code}]`);
    expect(outcome.code).toBe(exit);
  });

  it('names release and revision of a nixpkgs that tells them', async () => {
    await repository('kettle');
    const nixpkgs = path.join(bench().folder, 'nixpkgs');
    await mkdir(nixpkgs);
    await writeFile(path.join(nixpkgs, '.version'), '18.03\n');
    const { stdout } = await check(['--json'], {}, ['--nixpkgs', nixpkgs]);
    expect(JSON.parse(stdout).nixpkgs).toEqual({
      named: nixpkgs,
      folder: nixpkgs,
      release: '18.03',
      revision: expect.stringMatching(/^files [0-9a-f]{12}$/u),
    });
  });

  describe('for several interpreters', () => {
    const DEFAULT = '{ pkgs }: { python39 = { }; python312 = { }; }\n';

    it('passes over those that the nixpkgs does not have, and says so', async () => {
      await repository('kettle');
      await writeFile(path.join(bench().folder, 'out', 'default.nix'), DEFAULT);
      const { code, stdout, stderr } = await check(['--python', 'all'], { withoutSets: ['python39'] });
      expect(stdout).toContain('1 package: 1 well\n');
      expect(stderr).toContain('note: this nixpkgs has no python39: nothing is checked for it\n');
      expect(code).toBe(0);
    });

    it('refuses one that is named and that the nixpkgs does not have', async () => {
      await repository('kettle');
      await writeFile(path.join(bench().folder, 'out', 'default.nix'), DEFAULT);
      const { code, stderr } = await check(['--python', '3.9,3.12'], { withoutSets: ['python39'] });
      expect(stderr).toContain('error: this nixpkgs has no python39 [E_NO_INTERPRETER]\nhint: it has python312\n');
      expect(code).toBe(1);
    });
  });

  it('checks with the nixpkgs that the manifest names where nothing else does', async () => {
    await repository('kettle');
    await writeFile(
      path.join(bench().folder, 'out', 'pypi2nix.toml'),
      'requirements = ["kettle"]\n\n[options]\nnixpkgs = "../its-own"\n',
    );
    const { stdout, stderr } = await check(['--json'], {}, []);
    expect(JSON.parse(stdout).nixpkgs.folder, stderr).toBe(path.join(bench().folder, 'its-own'));
  });

  it('says how to get Nix where there is none', async () => {
    await repository('kettle');
    const { code, stderr } = await bench().run(['check', 'out', '--nixpkgs', '/nixpkgs'], { PATH: '/nowhere' });
    expect(stderr).toContain('[E_NIX_MISSING]');
    expect(code).toBe(69);
  });
});

describe('check --build --fix', () => {
  const builds = {
    'made-up-saucer': 'Running phase: buildPhase\na.c:1:10: fatal error: zlib.h: No such file or directory\n',
  };

  it('takes a rule back that makes no difference, keeps the file of the user as it was, and does not try it twice', async () => {
    bench().index.project('made-up-saucer', [await saucer()]);
    await bench().run(['made-up-saucer', '-o', 'out']);
    const own = path.join(bench().folder, 'out', 'overrides', 'made-up-saucer.toml');
    const text = '# mine\n[[rule]]\ndescription = "Catches."\nreason = "it does" # yes\n';
    await mkdir(path.dirname(own));
    await writeFile(own, text);
    const before = await readFile(path.join(bench().folder, 'out', 'pkgs', 'made-up-saucer', 'default.nix'), 'utf8');

    const { code, stdout } = await check(['--build', '--fix'], { builds });
    expect(stdout).toContain(
      '  overrides/made-up-saucer.toml: add zlib to buildInputs: taken back: it made no difference (the header zlib.h is missing)\n',
    );
    expect(stdout.match(/taken back/gu)).toHaveLength(1);
    expect(code).toBe(1);
    expect(await readFile(own, 'utf8')).toBe(text);
    const after = await readFile(path.join(bench().folder, 'out', 'pkgs', 'made-up-saucer', 'default.nix'), 'utf8');
    expect(after).toBe(before.replace('description = "Catches drops"', 'description = "Catches."'));
  });

  it('writes no rule where nothing tells how the folder was generated', async () => {
    await repository('made-up-saucer');
    const { code, stderr } = await check(['--build', '--fix'], { builds });
    expect(stderr).toContain('[E_NO_REQUEST]');
    expect(code).toBe(1);
    await expect(readFile(path.join(bench().folder, 'out', 'overrides', 'made-up-saucer.toml'))).rejects.toThrow(
      'ENOENT',
    );
  });

  it('brings an input back that somebody took out of an expression, and keeps the other edits', async () => {
    const folder = path.join(bench().folder, 'out', 'pkgs', 'made-up-kettle');
    bench().index.project('made-up-saucer', [await saucer()]);
    bench().index.project('made-up-kettle', [
      await sdist('made-up-kettle', '1.0', { metadata: ['Requires-Dist: made-up-saucer'] }),
    ]);
    await bench().run(['made-up-kettle', '-o', 'out']);
    const text = await readFile(path.join(folder, 'default.nix'), 'utf8');
    const without = text
      .replace('\n  # dependencies\n  made-up-saucer,\n', '')
      .replace('  dependencies = [ made-up-saucer ];\n\n', '')
      .replace('  pyproject = true;', '  pyproject = true; # by hand');
    expect(without).not.toContain('saucer');
    await writeFile(path.join(folder, 'default.nix'), without);
    const log =
      'Checking runtime dependencies for made_up_kettle-1.0-py3-none-any.whl\n  - made-up-saucer not installed\n';
    const { code, stdout } = await check(['made-up-kettle', '--build', '--fix'], {
      builds: { 'made-up-kettle': log },
      until: { 'made-up-kettle': 'dependencies = [ made-up-saucer ];' },
    });
    expect(stdout).toContain('add made-up-saucer to dependencies: helped');
    expect(code).toBe(0);
    expect(await readFile(path.join(folder, 'default.nix'), 'utf8')).toBe(
      text.replace('  pyproject = true;', '  pyproject = true; # by hand'),
    );
  });

  /** A kettle that needs a saucer, whose expression somebody edits; gives the text before. */
  async function editedKettle(edit: (text: string) => string): Promise<string> {
    const file = path.join(bench().folder, 'out', 'pkgs', 'made-up-kettle', 'default.nix');
    bench().index.project('made-up-saucer', [await saucer()]);
    bench().index.project('made-up-kettle', [
      await sdist('made-up-kettle', '1.0', { metadata: ['Requires-Dist: made-up-saucer'] }),
    ]);
    await bench().run(['made-up-kettle', '-o', 'out']);
    const text = await readFile(file, 'utf8');
    await writeFile(file, edit(text));
    return text;
  }

  const withoutSaucer = {
    'made-up-kettle':
      'Checking runtime dependencies for made_up_kettle-1.0-py3-none-any.whl\n  - made-up-saucer not installed\n',
  };

  it('repairs what a named package needs in the repository, too', async () => {
    await editedKettle((text) => text);
    await bench().run(['made-up-kettle', 'made-up-saucer', '-o', 'out']);
    const { code, stdout } = await check(['made-up-kettle', '--build', '--fix'], {
      builds: { 'made-up-saucer': 'Running phase: buildPhase\nsh: 1: swig: not found\n' },
      until: { 'made-up-saucer': 'nativeBuildInputs = [ swig ];' },
      needs: { 'made-up-kettle': ['made-up-saucer'] },
      failsWith: { 'made-up-kettle': 'made-up-saucer' },
    });
    expect(stdout).toContain(
      'made-up-saucer.toml: add swig to nativeBuildInputs: helped (the program swig is missing)',
    );
    expect(code).toBe(0);
  });

  it('tells which edit gave way to a rule', async () => {
    await editedKettle((text) => text.replace('[ made-up-saucer ]', '[ ]'));
    const { stdout } = await check(['made-up-kettle', '--build', '--fix'], {
      builds: withoutSaucer,
      until: { 'made-up-kettle': 'dependencies = [ made-up-saucer ];' },
    });
    expect(stdout).toMatch(
      /helped .*\n {4}pkgs\/made-up-kettle\/default\.nix: your edit that took made-up-saucer away gave way \(line \d+ of what was generated\), all others stay\n/u,
    );
  });

  const MINE = 'dependencies = [ (import ./mine.nix { }) ]';

  it('keeps an edited expression beside where what a rule adds cannot be told from the edit', async () => {
    const text = await editedKettle((before) => before.replace('dependencies = [ made-up-saucer ]', MINE));
    const { code, stdout } = await check(['made-up-kettle', '--build', '--fix'], {
      builds: withoutSaucer,
      until: { 'made-up-kettle': 'dependencies = [ made-up-saucer ];' },
    });
    expect(stdout).toContain('and yours is pkgs/made-up-kettle/default.nix.pypi2nix-edited\n');
    expect(code).toBe(0);
    const folder = path.join(bench().folder, 'out', 'pkgs', 'made-up-kettle');
    expect(await readFile(path.join(folder, 'default.nix'), 'utf8')).toBe(text);
    expect(await readFile(path.join(folder, 'default.nix.pypi2nix-edited'), 'utf8')).toContain(MINE);
  });

  it('puts an edited expression back when the rule makes no difference', async () => {
    await editedKettle((before) => before.replace('dependencies = [ made-up-saucer ]', MINE));
    await check(['made-up-kettle', '--build', '--fix'], { builds: withoutSaucer });
    const folder = path.join(bench().folder, 'out', 'pkgs', 'made-up-kettle');
    expect(await readFile(path.join(folder, 'default.nix'), 'utf8')).toContain(MINE);
    await expect(readFile(path.join(folder, 'default.nix.pypi2nix-edited'))).rejects.toThrow('ENOENT');
  });

  it('has the last word over a folder of --overrides, and tells which of its rules undoes the one that helps', async () => {
    bench().index.project('made-up-saucer', [await saucer()]);
    const rules = path.join(bench().folder, 'rules');
    await mkdir(rules);
    const removal = '[[rule]]\nbuildInputs.remove = ["zlib"]\nreason = "a test"\n';
    await writeFile(path.join(rules, 'made-up-saucer.toml'), removal);
    await bench().run(['made-up-saucer', '-o', 'out', '--overrides', 'rules']);
    const { code, stdout } = await check(['--build', '--fix'], {
      builds,
      until: { 'made-up-saucer': 'buildInputs = [ zlib ];' },
    });
    expect(stdout).toContain('add zlib to buildInputs: helped');
    expect(stdout).toContain('rule 1 of rules/made-up-saucer.toml (line 1)');
    expect(code).toBe(0);
    expect(await readFile(path.join(rules, 'made-up-saucer.toml'), 'utf8')).toBe(removal);
  });

  it('brings back what a rule took out where the log tells nothing that is known', async () => {
    bench().index.project('made-up-saucer', [await saucer()]);
    const own = path.join(bench().folder, 'out', 'overrides', 'made-up-saucer.toml');
    await mkdir(path.dirname(own), { recursive: true });
    const removal = '[[rule]]\nbuildInputs.remove = ["zlib"]\nreason = "a test"\n';
    await writeFile(own, removal);
    await bench().run(['made-up-saucer', '-o', 'out']);
    const { code, stdout } = await check(['--build', '--fix'], {
      builds: { 'made-up-saucer': 'Running phase: buildPhase\nno steam\n' },
      until: { 'made-up-saucer': 'buildInputs = [ zlib ];' },
    });
    expect(stdout).toContain(
      'add zlib to buildInputs: helped (rule 1 of overrides/made-up-saucer.toml took zlib out of buildInputs)',
    );
    expect(code).toBe(0);
    expect(await readFile(own, 'utf8')).toContain(removal);
  });

  describe('of several inputs that were taken out, where the log tells nothing', () => {
    const removal = '[[rule]]\nbuildInputs.remove = ["zlib", "bzip2", "xz"]\nreason = "a test"\n';
    const unexplained = { 'made-up-saucer': 'Running phase: buildPhase\nno steam\n' };

    async function withoutLibraries(): Promise<string> {
      bench().index.project('made-up-saucer', [await saucer()]);
      const own = path.join(bench().folder, 'out', 'overrides', 'made-up-saucer.toml');
      await mkdir(path.dirname(own), { recursive: true });
      await writeFile(own, removal);
      await bench().run(['made-up-saucer', '-o', 'out']);
      return own;
    }

    it('brings back the one that makes a difference alone', async () => {
      const own = await withoutLibraries();
      const { code, stdout } = await check(['--build', '--fix'], {
        builds: unexplained,
        until: { 'made-up-saucer': 'buildInputs = [ bzip2 ];' },
      });
      expect(stdout.match(/add \w+ to buildInputs: [\w ]+/gu)).toEqual([
        'add zlib to buildInputs: taken back',
        'add bzip2 to buildInputs: helped ',
      ]);
      expect(code).toBe(0);
      expect((await readFile(own, 'utf8')).match(/\.add = .*/gu)).toEqual(['.add = ["bzip2"]']);
    });

    it('brings all back where none makes a difference alone, and says so', async () => {
      await withoutLibraries();
      const { code, stdout } = await check(['--build', '--fix'], {
        builds: unexplained,
        until: { 'made-up-saucer': 'bzip2\n    xz\n    zlib' },
      });
      expect(code, stdout).toBe(0);
      expect(stdout.match(/: helped/gu)).toHaveLength(3);
      expect(stdout).toContain(
        '    none of zlib, bzip2 and xz made a difference alone, so all came back: some of them may not be needed\n',
      );
    });
  });

  describe('in a repository whose manifest names folders of rules', () => {
    const removal = '[[rule]]\nbuildInputs.remove = ["zlib"]\nreason = "a test"\n';
    const until = { 'made-up-saucer': 'buildInputs = [ zlib ];' };

    async function managed(rules: string, overrides: readonly string[]): Promise<string> {
      const out = path.join(bench().folder, 'out');
      bench().index.project('made-up-saucer', [await saucer()]);
      await bench().run(['init', 'out']);
      await mkdir(path.join(out, 'overrides'), { recursive: true });
      await mkdir(path.join(out, rules), { recursive: true });
      await writeFile(path.join(out, rules, 'made-up-saucer.toml'), removal);
      const manifest = path.join(out, 'pypi2nix.toml');
      const text = await readFile(manifest, 'utf8');
      const line = `overrides = ${JSON.stringify(overrides)}\n`;
      await writeFile(
        manifest,
        /^\[options\]$/mu.test(text)
          ? text.replace(/^\[options\]\n/mu, `[options]\n${line}`)
          : `${text}\n[options]\n${line}`,
      );
      const added = await bench().run(['add', 'made-up-saucer', '--repository', 'out']);
      expect(added.code, added.stderr).toBe(0);
      return out;
    }

    it('writes the rule into the last of these where it would be undone in overrides/', async () => {
      const out = await managed('rules', ['rules']);
      const { code, stdout } = await check(['--build', '--fix'], { builds, until });
      expect(stdout).toContain('  rules/made-up-saucer.toml: add zlib to buildInputs: helped');
      expect(code).toBe(0);
      expect(await readFile(path.join(out, 'rules', 'made-up-saucer.toml'), 'utf8')).toContain(
        'buildInputs.add = ["zlib"]',
      );
      expect((await bench().run(['regenerate', '--repository', 'out'])).code).toBe(0);
      expect(await readFile(path.join(out, 'pkgs', 'made-up-saucer', 'default.nix'), 'utf8')).toContain(
        'buildInputs = [ zlib ];',
      );
    });

    it('says that no rule helps where the one that undoes it lies outside', async () => {
      const out = await managed('../shared', ['../shared']);
      const { code, stdout } = await check(['--build', '--fix'], { builds, until });
      expect(stdout).toContain(
        'add zlib to buildInputs: taken back: rule 1 of ../shared/made-up-saucer.toml (line 1) says otherwise, and the folders of [options] overrides in pypi2nix.toml come after overrides/: take that rule out, or name "overrides" last there (the header zlib.h is missing)\n',
      );
      expect(code).toBe(1);
      expect(await readFile(path.join(out, '..', 'shared', 'made-up-saucer.toml'), 'utf8')).toBe(removal);
    });

    it('writes to overrides/ where the manifest names it last', async () => {
      await managed('../shared', ['../shared', 'overrides']);
      const { code, stdout } = await check(['--build', '--fix'], { builds, until });
      expect(stdout).toContain('  overrides/made-up-saucer.toml: add zlib to buildInputs: helped');
      expect(code).toBe(0);
    });
  });

  it('does not say that a rule helped where its package could not be tried with it', async () => {
    bench().index.project('made-up-lid', [await sdist('made-up-lid', '1.0', {})]);
    bench().index.project('made-up-saucer', [await saucer()]);
    bench().index.project('made-up-kettle', [await sdist('made-up-kettle', '1.0', {})]);
    await bench().run(['made-up-kettle', 'made-up-lid', '-o', 'out']);
    const { code, stdout } = await check(['--build', '--fix'], {
      builds: { ...withoutSaucer, 'made-up-lid': 'Running phase: buildPhase\nnothing that is known\n' },
      needs: { 'made-up-kettle': ['made-up-lid'] },
      needsOnce: { 'made-up-kettle': 'made-up-saucer' },
    });
    expect(stdout).toContain(
      'add made-up-saucer to dependencies: not known: made-up-kettle needs made-up-lid, which failed',
    );
    expect(code).toBe(1);
  });

  it('writes the rule that helps to a new file, with the line of the log as its reason', async () => {
    bench().index.project('made-up-saucer', [await saucer()]);
    await bench().run(['made-up-saucer', '-o', 'out']);
    const { code } = await check(['--build', '--fix'], {
      builds,
      until: { 'made-up-saucer': 'buildInputs = [ zlib ];' },
    });
    expect(code).toBe(0);
    expect(await readFile(path.join(bench().folder, 'out', 'overrides', 'made-up-saucer.toml'), 'utf8')).toBe(
      '[[rule]]\nbuildInputs.add = ["zlib"]\nreason = "the build without it: a.c:1:10: fatal error: zlib.h: No such file or directory"\n',
    );
  });

  it('keeps no credentials of the command line', async () => {
    bench().index.project('made-up-saucer', [await saucer()]);
    await bench().run([
      'made-up-saucer',
      '-o',
      'out',
      '--extra-index-url',
      bench().index.url.replace('://', '://me:secret@'),
    ]);
    const text = await readFile(path.join(bench().folder, 'out', '.pypi2nix', 'requests.json'), 'utf8');
    expect(text).toContain('"--extra-index-url"');
    expect(text).not.toContain('secret');
  });

  it('tries rules in a repository with a manifest, too', async () => {
    bench().index.project('made-up-saucer', [await saucer()]);
    expect((await bench().run(['init', 'out'])).code).toBe(0);
    expect((await bench().run(['add', 'made-up-saucer', '--repository', 'out'])).code).toBe(0);
    const { code, stdout, stderr } = await check(['--build', '--fix'], { builds });
    expect(stdout, stderr).toContain('add zlib to buildInputs: taken back: it made no difference');
    expect(code).toBe(1);
  });
});
