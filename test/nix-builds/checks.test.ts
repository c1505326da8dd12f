import { expect, it } from 'vitest';
import { describeWithNix } from '../support/nix.ts';
import { type MadeUp, useBuilds } from './support/builds.ts';

const PASSES =
  'import unittest\nimport tool\n\n\nclass Ok(unittest.TestCase):\n    def test_ok(self):\n        self.assertEqual(tool.VALUE, 1)\n';
const FAILS = PASSES.replace('VALUE, 1', 'VALUE, 2');

function tool(tests: string, attributes: string): MadeUp {
  return {
    name: 'tool',
    files: { 'modules/tool.py': 'VALUE = 1\n', 'tests/__init__.py': '', 'tests/test_tool.py': tests },
    formals: ['unittestCheckHook', 'pytestCheckHook'],
    attributes,
  };
}

/** Stands in for pytest: prints its arguments, fails where there is a file `fail`. */
const recorder: MadeUp = {
  name: 'pytest',
  files: {
    'modules/pytest.py':
      'import os\nimport sys\n\nprint("pytest was called with", sys.argv[1:])\nsys.exit(os.path.exists("fail"))\n',
  },
};

describeWithNix('checks of made-up packages', () => {
  const builds = useBuilds();

  it('unittestCheckHook runs the tests against the installed package', async () => {
    const result = await builds.build([tool(PASSES, 'nativeCheckInputs = [ unittestCheckHook ];')], 'ps.tool');
    expect(result.ok, result.stderr).toBe(true);
    expect(result.stderr).toContain('Ran 1 test');
  });

  it('a failing test ends the build', async () => {
    const result = await builds.build([tool(FAILS, 'nativeCheckInputs = [ unittestCheckHook ];')], 'ps.tool');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('FAILED (failures=1)');
  });

  it('doCheck = false runs no test, and the check inputs need not exist', async () => {
    const attributes = 'doCheck = false; nativeCheckInputs = [ pytestCheckHook unittestCheckHook ];';
    const result = await builds.build([tool(FAILS, attributes)], 'ps.tool');
    expect(result.ok, result.stderr).toBe(true);
  });

  it('preCheck runs in the source tree before the tests', async () => {
    const attributes = 'nativeCheckInputs = [ unittestCheckHook ]; preCheck = "rm tests/test_tool.py";';
    const result = await builds.build([tool(FAILS, attributes)], 'ps.tool');
    expect(result.stderr).toContain('Ran 0 tests');
  });

  it('pytestCheckHook without a pytest in the set says that it has to be generated', async () => {
    const result = await builds.build([tool(PASSES, 'nativeCheckInputs = [ pytestCheckHook ];')], 'ps.tool');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('pytest has to be generated');
  });

  it('pytestCheckHook hands the disabled tests and paths to pytest', async () => {
    const attributes = `nativeCheckInputs = [ pytestCheckHook ];
      disabledTests = [ "test_a" "test_b[1]" ];
      disabledTestPaths = [ "tests/test_tool.py" "tests/__init__.py::test_c" ];
      pytestFlags = [ "-x" ];`;
    const result = await builds.build([recorder, tool(PASSES, attributes)], 'ps.tool');
    expect(result.ok, result.stderr).toBe(true);
    expect(result.stderr).toContain(
      "pytest was called with ['-k', 'not (test_a) and not (test_b[1])', '--ignore=tests/test_tool.py', '--deselect=tests/__init__.py::test_c', '-x']",
    );
  });

  it('a disabled test path that does not exist ends the build', async () => {
    const attributes = 'nativeCheckInputs = [ pytestCheckHook ]; disabledTestPaths = [ "tests/gone.py" ];';
    const result = await builds.build([recorder, tool(PASSES, attributes)], 'ps.tool');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('disabledTestPaths: there is no tests/gone.py');
  });

  it('a pytest that fails ends the build', async () => {
    const attributes = 'nativeCheckInputs = [ pytestCheckHook ]; preCheck = "touch fail";';
    const result = await builds.build([recorder, tool(PASSES, attributes)], 'ps.tool');
    expect(result.ok).toBe(false);
  });

  it('check inputs are not there when the package is built', async () => {
    const builder: MadeUp = {
      ...tool(PASSES, 'nativeCheckInputs = [ pytestCheckHook ];'),
      buildRequires: ['pytest'],
    };
    const result = await builds.build([recorder, builder], 'ps.tool');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('pytest: not there');
  });

  it('the home of the tests cannot be written, unless writableTmpDirAsHomeHook gives one', async () => {
    const tests = PASSES.replace(
      'self.assertEqual(tool.VALUE, 1)',
      '__import__("os").mkdir(__import__("os").path.expanduser("~/x"))',
    );
    const bare = await builds.build([tool(tests, 'nativeCheckInputs = [ unittestCheckHook ];')], 'ps.tool');
    expect(bare.ok).toBe(false);
    const attributes = 'nativeCheckInputs = [ unittestCheckHook writableTmpDirAsHomeHook ];';
    const homed = tool(tests, attributes);
    const result = await builds.build(
      [{ ...homed, formals: [...(homed.formals ?? []), 'writableTmpDirAsHomeHook'] }],
      'ps.tool',
    );
    expect(result.ok, result.stderr).toBe(true);
  });
});

describeWithNix('phases of made-up packages', () => {
  const builds = useBuilds();
  const source = { 'modules/tool.py': 'VALUE = "old"\n' };
  const builtValue = async (attributes: string) => {
    const project: MadeUp = { name: 'tool', files: source, attributes };
    const result = await builds.build([project], 'python.withPackages (ps: [ ps.tool ])');
    if (!result.ok) return result.stderr;
    const program = `${result.stdout.trim()}/bin/python3`;
    return (await builds.store.run(program, ['-c', 'import tool; print(tool.VALUE)'])).stdout.trim();
  };

  it.each([
    ['postPatch', `postPatch = ''substituteInPlace modules/tool.py --replace-fail '"old"' '"new"' '';`, 'new'],
    ['preBuild', `preBuild = "echo 'VALUE = 2' > modules/tool.py";`, '2'],
    ['env', `env.VALUE = "3"; preConfigure = "echo VALUE = $VALUE > modules/tool.py";`, '3'],
    [
      'patches',
      `patches = [ (builtins.toFile "p" "--- a/modules/tool.py\\n+++ b/modules/tool.py\\n@@ -1 +1 @@\\n-VALUE = \\"old\\"\\n+VALUE = 4\\n") ];`,
      '4',
    ],
  ])('%s changes what is built', async (_name, attributes, value) => {
    expect(await builtValue(attributes)).toBe(value);
  });

  it('substituteInPlace --replace-fail ends the build where the text is not there', async () => {
    const attributes = "postPatch = ''substituteInPlace modules/tool.py --replace-fail gone new'';";
    expect(await builtValue(attributes)).toContain("substituteInPlace: modules/tool.py has no 'gone'");
  });
});
