import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeSdist } from '../support/archives.ts';
import { describeWithNix, type NixStore, openNixStore, STAND_IN } from '../support/nix.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

/** A project with a backend of its own, so that nothing has to be there for its build. */
const LEAF = {
  'pyproject.toml':
    '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["own"]\n\n[project]\nname = "leaf"\nversion = "1.0"\n',
  'own/own.py': `import os, zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    leaf = {}
    exec(open("leaf.py").read(), leaf)
    assert (leaf["COLOUR"], leaf["SHAPE"]) == ("''green\${x}''$\${y}\\\\n", "round")
    with zipfile.ZipFile(os.path.join(wheel_directory, "leaf-1.0-py3-none-any.whl"), "w") as wheel:
        wheel.write("leaf.py")
        info = "leaf-1.0.dist-info/"
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: leaf\\nVersion: 1.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return "leaf-1.0-py3-none-any.whl"
`,
  'leaf.py': 'COLOUR = "brown"\n\n\n\tSHAPE = "it is no Python as it is"\n',
};

/** Makes it Python; what Nix and its strings could take for their own has to arrive as it is: blank lines of context, tabs, quotes and references. */
const PATCH = `--- a/leaf.py
+++ b/leaf.py
@@ -1,4 +1,4 @@
-COLOUR = "brown"
+COLOUR = "''green\${x}''$\${y}\\\\n"
${' '}
${' '}
-\tSHAPE = "it is no Python as it is"
+SHAPE = 'round' # it's
`;
const RULE = '[[rule]]\npatches = ["green.patch"]\nreason = "leaves are green"\n';

describeWithNix('overrides test --build', () => {
  const bench = useCommandBench();
  let store: NixStore;
  let environment: Readonly<Record<string, string>>;
  beforeAll(async () => {
    store = await openNixStore();
    const { stdout } = await store.run('env', ['-0']);
    const variables = stdout.split('\0').map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    });
    environment = Object.fromEntries(variables.filter(([name]) => /^(?:NIX_\w+|PATH)$/u.test(name)));
  });
  afterAll(() => store.remove());
  beforeEach(async () => {
    const sdist = await makeSdist('leaf', '1.0', {
      'PKG-INFO': 'Metadata-Version: 2.1\nName: leaf\nVersion: 1.0\n',
      ...LEAF,
    });
    bench().index.project('leaf', [sdist]);
    await put(`archives/${sdist.filename}`, sdist.bytes);
    await store.addFixed(path.join(bench().folder, 'archives', sdist.filename));
    for (const [file, text] of Object.entries(LEAF)) {
      await put(`tree/${file}`, text);
      await put(`clone/${file}`, text);
    }
    await put('rules/leaf.toml', RULE);
    await put('rules/leaf/green.patch', PATCH);
    const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: path.join(bench().folder, 'clone') });
    git('init', '-q');
    git('add', '-A');
    git('-c', 'user.name=A', '-c', 'user.email=a@person.test', 'commit', '-qm', 'leaf');
  });

  async function put(file: string, content: string | Uint8Array): Promise<void> {
    const whole = path.join(bench().folder, file);
    await mkdir(path.dirname(whole), { recursive: true });
    await writeFile(whole, content);
  }

  const test = (source: string, ...args: readonly string[]): Promise<CommandOutcome> =>
    bench().run(
      ['overrides', 'test', source, '-q', '--build', '--package-set', STAND_IN, '--overrides', 'rules', ...args],
      environment,
    );

  it.each([
    ['a project of the index', () => 'leaf'],
    ['a folder', () => './tree'],
    ['an archive', () => './archives/leaf-1.0.tar.gz'],
    ['a git repository', () => `leaf @ git+file://${bench().folder}/clone`],
  ])(
    'builds %s with the patches of its rules, whose texts are in the expression',
    async (_, source) => {
      const { code, stdout, stderr } = await test(source());

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toBe(`\
${source()} for nixpkgs 24.05 to unstable
  generate: passed
  parse: passed
  evaluate: passed
  build: passed
`);
    },
    120_000,
  );

  it('fails where a patch does not fit', async () => {
    await put('rules/leaf/green.patch', PATCH.replace('brown', 'blue'));
    const { code, stderr } = await test('./tree');

    expect(code).toBe(1);
    expect(stderr).toContain('error: ./tree for nixpkgs 24.05 to unstable: build failed [E_OVERRIDE_TEST]');
    expect(stderr).toContain('Hunk #1 FAILED');
  }, 120_000);

  it.each([['unstable'], ['16.03'], ['18.03']])(
    'has the patches beside the expressions of a folder for nixpkgs %s',
    async (release) => {
      const args = ['leaf', '-o', 'out', '-q', '--overrides', 'rules', '--release', release];
      expect((await bench().run(args)).code).toBe(0);
      const written = (file: string): Promise<string> =>
        readFile(path.join(bench().folder, 'out/pkgs/leaf', file), 'utf8');

      expect(await written('default.nix')).toContain('\n  # leaves are green\n  patches = [ ./green.patch ];\n');
      expect(await written('green.patch')).toBe(PATCH);
    },
  );
});
