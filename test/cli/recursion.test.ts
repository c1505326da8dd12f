import { describe, expect, it } from 'vitest';
import { type MadeSdist, makeSdist } from '../support/archives.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

interface Project {
  readonly requires?: readonly string[];
  readonly build?: readonly string[];
  /** Requirements of the dependency group `test`; without: no tests. */
  readonly tests?: readonly string[];
}

/** An sdist with tests that import nothing but the project, so that what they need is what the group says. */
async function sdist(name: string, { requires = [], build = ['setuptools'], tests }: Project): Promise<MadeSdist> {
  // What only measures is no input where the configuration does not ask for it.
  const options = tests?.includes('pytest-cov') === true ? '[tool.pytest.ini_options]\naddopts = "--cov"\n' : '';
  const group = tests === undefined ? '' : `${options}[dependency-groups]\ntest = ${JSON.stringify(tests)}\n`;
  const module = name.replaceAll('-', '_');
  return makeSdist(name, '1.0', {
    'PKG-INFO': `Metadata-Version: 2.2\nName: ${name}\nVersion: 1.0\nLicense-Expression: MIT\n${requires
      .map((requirement) => `Requires-Dist: ${requirement}\n`)
      .join('')}`,
    'pyproject.toml': `[build-system]\nrequires = ${JSON.stringify(build)}\nbuild-backend = "setuptools.build_meta"\n${group}`,
    [`${module}/__init__.py`]: '',
    ...(tests === undefined ? {} : { 'tests/test_it.py': `import ${module}\n\n\ndef test_it():\n    pass\n` }),
  });
}

async function serve(projects: Readonly<Record<string, Project>>): Promise<void> {
  for (const [name, project] of Object.entries(projects)) bench().index.project(name, [await sdist(name, project)]);
}

async function printed(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await bench().run(args);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return { stdout, stderr };
}

/** From the arguments of the function to the end of the attributes, for one package of the file; the digest is that of a made-up archive. */
function expressionOf(name: string, stdout: string): string {
  const [, after = ''] = stdout.split(`  ${name} = final.callPackage (\n`);
  return (after.split('\n  ) { };')[0] ?? '').replace(/"sha256-[^"]*"/u, '"sha256-..."');
}

describe('a check input that leads back to the package', () => {
  it.each(['pluggy', 'iniconfig', 'packaging', 'setuptools-scm', 'typing-extensions', 'six', 'attrs', 'py'])(
    'is left to passthru.tests for %s, which pytest needs',
    async (name) => {
      await serve({ [name]: { tests: ['pytest'] } });
      const { stdout } = await printed([name]);
      expect(stdout).toMatch(
        new RegExp(`^ +# pytest needs (?:${name}|[\\w-]+, which needs ${name})\\n +doCheck = false;$`, 'mu'),
      );
      expect(stdout).toContain('nativeCheckInputs = [ pytestCheckHook ];');
      expect(stdout).toContain(`passthru.tests.pytest = ${name}.overridePythonAttrs { doCheck = true; };`);
    },
  );

  it('is not looked for in vain: other packages run their tests', async () => {
    await serve({ it: { tests: ['pytest', 'hypothesis'] } });
    const { stdout, stderr } = await printed(['it']);
    expect(stdout).toContain('pytestCheckHook');
    expect(stdout).not.toContain('doCheck');
    expect(stderr).not.toContain('passthru.tests');
  });

  it('is found through the index where the shipped table does not know it', async () => {
    await serve({
      sansio: { tests: ['pytest', 'pytest-golden'] },
      'pytest-golden': { requires: ['testfixtures', 'atpublic'] },
      atpublic: { requires: ['sansio>=1'] },
    });
    const { stdout, stderr } = await printed(['sansio']);
    expect(expressionOf('sansio', stdout)).toMatchInlineSnapshot(`
      "    {
            lib,
            buildPythonPackage,
            fetchPypi,

            # build-system
            setuptools,

            # tests
            pytest-golden,
            pytestCheckHook,
            sansio,
          }:

          buildPythonPackage rec {
            pname = "sansio";
            version = "1.0";
            pyproject = true;

            src = fetchPypi {
              inherit pname version;
              hash = "sha256-...";
            };

            build-system = [ setuptools ];

            # pytest-golden needs atpublic, which needs sansio
            doCheck = false;

            nativeCheckInputs = [
              pytest-golden
              pytestCheckHook
            ];

            pythonImportsCheck = [ "sansio" ];

            passthru.tests.pytest = sansio.overridePythonAttrs { doCheck = true; };

            meta = {
              license = lib.licenses.mit;
            };
          }"
    `);
    expect(stderr).toContain(
      'note: sansio: its tests run in passthru.tests only: pytest-golden needs atpublic, which needs sansio',
    );
  });

  it('is found through the stub that takes the place of a plugin', async () => {
    await serve({ 'trove-classifiers': { tests: ['pytest-cov'] } });
    const { stdout } = await printed(['trove-classifiers']);
    expect(stdout).toMatch(/# pytest-cov-stub needs hatchling, which needs trove-classifiers\n +doCheck = false;/u);
  });

  it('does not stop the tests of the package that a stub spares', async () => {
    await serve({ coverage: { tests: ['pytest', 'pytest-cov'] } });
    const { stdout } = await printed(['coverage']);
    expect(stdout).toContain('pytest-cov-stub');
    expect(stdout).not.toContain('doCheck');
  });

  it('is no reason where its requirement holds on no target', async () => {
    await serve({
      sansio: { tests: ['pytest', 'pytest-golden'] },
      'pytest-golden': { requires: ['sansio; sys_platform == "win32"'] },
    });
    expect((await printed(['sansio'])).stdout).not.toContain('doCheck');
  });
});

describe('a release that has no place for tests outside of the build', () => {
  it('has them neither run nor named', async () => {
    await serve({ py: { tests: ['pytest'] } });
    const { stdout, stderr } = await printed(['py', '--release', '16.03']);
    expect(stdout).toMatch(/# pytest needs py\n +doCheck = false;/u);
    expect(stdout).not.toMatch(/\bpytest\b(?! needs)/u);
    expect(stderr).toContain('its tests do not run: pytest needs');
  });
});

describe('a build requirement of the package set that leads back through its own tests', () => {
  const iniconfig = { iniconfig: { build: ['setuptools', 'hatch-vcs'] } };

  it('ends the run with the way that it takes, and with what breaks it', async () => {
    await serve(iniconfig);
    const { code, stdout, stderr } = await bench().run(['iniconfig']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const told = stderr.replace(/\s+/gu, ' ');
    expect(told).toContain(
      'iniconfig requires hatch-vcs (build-system: hatch-vcs), hatch-vcs of the package set needs pytest, pytest of the package set needs iniconfig [E_CYCLE]',
    );
    expect(told).toContain('or generate hatch-vcs too, by naming it as a requirement');
  });

  it('is generated without its tests where it is named too', async () => {
    await serve({ ...iniconfig, 'hatch-vcs': { tests: ['pytest'] } });
    const { stdout } = await printed(['iniconfig', 'hatch-vcs']);
    expect(expressionOf('hatch-vcs', stdout)).toMatch(
      /# pytest needs iniconfig, which needs hatch-vcs\n +doCheck = false;/u,
    );
  });

  it('does not lead back where generated packages do not take the place of those of the set', async () => {
    await serve({ py: { build: ['setuptools', 'pytest'] } });
    await printed(['py', '--release', '16.03']);
  });
});

describe('packages of one run that test with each other', () => {
  it('run the tests of the first by name only', async () => {
    await serve({ alpha: { tests: ['pytest', 'beta'] }, beta: { tests: ['pytest', 'alpha'] } });
    const { stdout } = await printed(['alpha', 'beta']);
    expect(expressionOf('alpha', stdout)).toMatch(/nativeCheckInputs = \[\n +beta\n +pytestCheckHook\n +\];/u);
    expect(expressionOf('beta', stdout)).toMatch(/# alpha needs beta\n +doCheck = false;/u);
  });

  it('are followed through their build requirements', async () => {
    await serve({
      alpha: { tests: ['pytest', 'beta'] },
      beta: { build: ['setuptools', 'gamma'] },
      gamma: { requires: ['alpha'] },
    });
    const { stdout } = await printed(['alpha', 'beta', 'gamma']);
    expect(expressionOf('alpha', stdout)).toMatch(/# beta needs gamma, which needs alpha\n +doCheck = false;/u);
  });

  it('are followed through packages of the set between them', async () => {
    await serve({ pluggy: { requires: ['alpha'] }, alpha: { tests: ['pytest'] } });
    const { stdout } = await printed(['alpha', 'pluggy']);
    expect(expressionOf('alpha', stdout)).toMatch(/# pytest needs pluggy, which needs alpha\n +doCheck = false;/u);
  });
});

describe('a check input whose needs are not to be had', () => {
  it('is kept with a note when no record of it is there offline', async () => {
    await serve({ sansio: { tests: ['pytest', 'pytest-golden'] }, 'pytest-golden': {} });
    await printed(['sansio', '--no-checks']);
    const { stdout, stderr } = await printed(['sansio', '--offline']);
    expect(stdout).toContain('pytest-golden');
    expect(stderr).toMatch(
      /pytest-golden.*what the check input pytest-golden needs is not known, so a way back from it would not be seen/u,
    );
  });

  it('is kept without a question for those of the shipped table', async () => {
    await serve({ it: { tests: ['pytest', 'hypothesis', 'pytest-xdist'] } });
    await printed(['it']);
    expect(bench().server.requests.map((request) => request.path)).not.toContain('/simple/pytest/');
  });
});
