import { expect, it } from 'vitest';
import { describeWithNix } from '../support/nix.ts';
import { type MadeUp, useBuilds } from './support/builds.ts';

const leaf: MadeUp = {
  name: 'leaf',
  files: {
    'modules/leaf.py': 'def colour():\n    return "green"\n',
    'entry_points.txt': '[console_scripts]\nleaf = leaf:colour\n',
  },
  attributes: 'pythonImportsCheck = [ "leaf" ];',
};

const branch: MadeUp = {
  name: 'branch',
  requires: ['leaf>=0.5,<2'],
  files: {
    'modules/branch.py': 'import leaf\n\n\ndef main():\n    print(leaf.colour())\n',
    'entry_points.txt': '[console_scripts]\nbranch = branch:main\n',
  },
  formals: ['leaf'],
  attributes: 'dependencies = [ leaf ]; pythonImportsCheck = [ "branch" ];',
};

describeWithNix('inputs of made-up packages', () => {
  const builds = useBuilds();

  it('a pure package whose backend lies in its own sdist builds', async () => {
    const result = await builds.build([leaf], 'ps.leaf');
    expect(result.stderr).toContain('importing leaf');
    expect(result.ok).toBe(true);
  });

  it('a script of a package finds the package and its dependencies wherever it is run', async () => {
    const result = await builds.build([leaf, branch], 'ps.branch');
    expect(result.ok, result.stderr).toBe(true);
    const said = await builds.store.run(`${result.stdout.trim()}/bin/branch`, []);
    expect(said.stdout).toBe('green\n');
  });

  it('an environment made by withPackages imports what was asked for, and what that depends on', async () => {
    const result = await builds.build([leaf, branch], 'python.withPackages (ps: [ ps.branch ])');
    expect(result.ok, result.stderr).toBe(true);
    const said = await builds.store.run(`${result.stdout.trim()}/bin/python3`, ['-c', 'import branch; branch.main()']);
    expect(said).toEqual({ ok: true, stdout: 'green\n', stderr: '' });
  });

  it('a shell with an environment runs its interpreter and its hook', async () => {
    const built = await builds.build([leaf, branch], 'python.withPackages (ps: [ ps.branch ])');
    const shell = `(import <nixpkgs> { }).mkShell { packages = [ ${built.stdout.trim()} ]; shellHook = "export MOOD=good"; }`;
    const script = 'python3 -c "import branch; branch.main()"; echo $MOOD';
    const said = await builds.store.run('nix-shell', ['-E', shell, '--run', script]);
    expect(said.stdout, said.stderr).toBe('green\ngood\n');
  });

  it('an undeclared dependency ends the build and is named', async () => {
    const result = await builds.build([leaf, { ...branch, formals: [], attributes: '' }], 'ps.branch');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain(
      'undeclared dependencies (Requires-Dist of the wheel):\n  leaf>=0.5,<2: not there\n',
    );
  });

  it('a dependency in a version that does not fit ends the build', async () => {
    const result = await builds.build([leaf, { ...branch, requires: ['leaf>=2'] }], 'ps.branch');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('leaf>=2: 1.0 is there');
  });

  it.each([
    ['pythonRelaxDeps', 'leaf>=2', 'pythonRelaxDeps = [ "leaf" ];'],
    ['pythonRemoveDeps', 'no-such-thing', 'pythonRemoveDeps = [ "no-such-thing" ];'],
  ])('%s lifts a requirement that cannot be met', async (_name, requirement, line) => {
    const relaxed = { ...branch, requires: [requirement], attributes: `${branch.attributes} ${line}` };
    const result = await builds.build([leaf, relaxed], 'ps.branch');
    expect(result.ok, result.stderr).toBe(true);
  });

  it('a requirement whose marker is false for this interpreter is not demanded', async () => {
    const marked = { ...leaf, requires: ['no-such-thing; python_version < "3"', 'other; extra == "more"'] };
    const result = await builds.build([marked], 'ps.leaf');
    expect(result.ok, result.stderr).toBe(true);
  });

  it('an undeclared build requirement ends the build and is named', async () => {
    const result = await builds.build([{ ...leaf, buildRequires: ['branch>=1'] }], 'ps.leaf');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain(
      'undeclared build requirements ([build-system].requires of pyproject.toml):\n  branch>=1: not there\n',
    );
  });

  it('a build requirement that is declared in build-system is found', async () => {
    const needing: MadeUp = {
      name: 'needing',
      buildRequires: ['branch'],
      files: { 'modules/needing.py': '', 'compile.py': 'import branch\nmembers = {}\n' },
      formals: ['branch'],
      attributes: 'build-system = [ branch ]; pythonImportsCheck = [ "needing" ];',
    };
    const result = await builds.build([leaf, branch, needing], 'ps.needing');
    expect(result.ok, result.stderr).toBe(true);
  });

  it('a build requirement is not there at run time', async () => {
    const needing: MadeUp = {
      name: 'needing',
      buildRequires: ['leaf'],
      files: { 'modules/needing.py': 'import leaf\n' },
      formals: ['leaf'],
      attributes: 'build-system = [ leaf ]; pythonImportsCheck = [ "needing" ];',
    };
    const result = await builds.build([leaf, needing], 'ps.needing');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('pythonImportsCheck: needing cannot be imported');
  });

  it('a module that cannot be imported ends the build', async () => {
    const result = await builds.build([{ ...leaf, attributes: 'pythonImportsCheck = [ "elsewhere" ];' }], 'ps.leaf');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('pythonImportsCheck: elsewhere cannot be imported');
  });

  it('a module that lies in the source tree alone is not importable', async () => {
    const files = { ...leaf.files, 'ghost.py': '' };
    const result = await builds.build([{ ...leaf, files, attributes: 'pythonImportsCheck = [ "ghost" ];' }], 'ps.leaf');
    expect(result.stderr).toContain('pythonImportsCheck: ghost cannot be imported');
  });

  it('a program of the host that is no declared input is not found', async () => {
    const script = 'import shutil\nassert shutil.which("sed")\nassert not shutil.which("git")\nmembers = {}\n';
    const result = await builds.build([{ ...leaf, files: { ...leaf.files, 'compile.py': script } }], 'ps.leaf');
    expect(result.ok, result.stderr).toBe(true);
  });

  it('a formal that the set lacks is an error of evaluation', async () => {
    const result = await builds.build([branch], 'ps.branch');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain("called without required argument 'leaf'");
  });

  it('a wheel of another version than the expression says ends the build', async () => {
    const files = { ...leaf.files, METADATA: 'Metadata-Version: 2.1\nName: leaf\nVersion: 0.0\n' };
    const result = await builds.build([{ ...leaf, files }], 'ps.leaf');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('the wheel is of version 0.0, the expression says 1.0');
  });
});

describeWithNix('extras of made-up packages', () => {
  const builds = useBuilds();
  const withExtra: MadeUp = {
    name: 'trunk',
    requires: ['leaf; extra == "green"'],
    files: { 'modules/trunk.py': '' },
    formals: ['leaf'],
    attributes: 'optional-dependencies.green = [ leaf ]; pythonImportsCheck = [ "trunk" ];',
  };
  const user: MadeUp = {
    name: 'user',
    requires: ['trunk[green]'],
    files: { 'modules/user.py': 'import trunk, leaf\n' },
    formals: ['trunk'],
    attributes: 'pythonImportsCheck = [ "user" ]; dependencies = [ trunk ] ++ trunk.optional-dependencies.green;',
  };

  it('a package that asks for the extra of another has the requirements of the extra', async () => {
    const result = await builds.build([leaf, withExtra, user], 'ps.user');
    expect(result.ok, result.stderr).toBe(true);
  });

  it('an extra whose requirements are not declared ends the build', async () => {
    const lacking = { ...user, attributes: 'dependencies = [ trunk ];' };
    const result = await builds.build([leaf, withExtra, lacking], 'ps.user');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('trunk[green], of its extra green: leaf; extra == "green": not there');
  });

  it('the package itself does not bring its extra along', async () => {
    const result = await builds.build([leaf, withExtra], 'ps.trunk');
    expect(result.ok, result.stderr).toBe(true);
    const closure = await builds.store.run('nix-store', ['-qR', result.stdout.trim()]);
    expect(closure.stdout).not.toContain('leaf');
  });
});
