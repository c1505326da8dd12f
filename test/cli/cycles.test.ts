import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MadeSdist, makeSdist } from '../support/archives.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

interface Project {
  readonly requires?: readonly string[];
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  readonly build?: readonly string[];
  readonly ownBackend?: boolean;
  readonly version?: string;
}

async function sdist(
  name: string,
  { requires = [], extras = {}, build = ['setuptools'], ownBackend = false, version = '1.0' }: Project,
): Promise<MadeSdist> {
  const ofExtras = Object.entries(extras).flatMap(([extra, members]) => [
    `Provides-Extra: ${extra}\n`,
    ...members.map((member) => `Requires-Dist: ${member}; extra == "${extra}"\n`),
  ]);
  const stated = [...requires.map((requirement) => `Requires-Dist: ${requirement}\n`), ...ofExtras].join('');
  const backend = ownBackend
    ? 'backend-path = ["."]\nbuild-backend = "own"'
    : 'build-backend = "setuptools.build_meta"';
  return makeSdist(name, version, {
    'PKG-INFO': `Metadata-Version: 2.2\nName: ${name}\nVersion: ${version}\nLicense-Expression: MIT\n${stated}`,
    'pyproject.toml': `[build-system]\nrequires = ${JSON.stringify(build)}\n${backend}\n`,
    [`${name.replaceAll('-', '_')}/__init__.py`]: '',
  });
}

async function serve(projects: Readonly<Record<string, Project>>): Promise<void> {
  for (const [name, project] of Object.entries(projects)) bench().index.project(name, [await sdist(name, project)]);
}

async function printed(args: readonly string[]): Promise<CommandOutcome> {
  const outcome = await bench().run(args);
  expect({ code: outcome.code, stderr: outcome.code === 0 ? '' : outcome.stderr }).toEqual({ code: 0, stderr: '' });
  return outcome;
}

/** The lines of stderr from the error on, in which long lines are broken anywhere. */
function oneLineOf({ stderr }: CommandOutcome): string {
  return stderr.replace(/\s+/gu, ' ');
}

describe('packages that need each other', () => {
  it('end the run with the requirements that make the cycle, since Nix would recurse for ever', async () => {
    await serve({ circa: { requires: ['circb>=1'] }, circb: { requires: ['circa'] } });
    const outcome = await bench().run(['circa']);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(oneLineOf(outcome)).toContain(
      'circa requires circb (Requires-Dist: circb>=1), circb requires circa (Requires-Dist: circa)',
    );
    expect(oneLineOf(outcome)).toContain(
      'circb.toml: dependencies.remove = ["circa"] and pythonRemoveDeps.add = ["circa"]',
    );
  });

  it('are found through their build requirements', async () => {
    await serve({ circa: { build: ['setuptools', 'circb'] }, circb: { requires: ['circa'] } });
    const outcome = await bench().run(['circa']);
    expect(outcome.code).toBe(1);
    expect(oneLineOf(outcome)).toContain('circa requires circb (build-system: circb)');
  });

  it('by their extras only are printed', async () => {
    await serve({ circa: { extras: { more: ['circb'] } }, circb: { requires: ['circa'] } });
    await printed(['circa', 'circb']);
  });

  it('are told for each cycle', async () => {
    await serve({
      circa: { requires: ['circb'] },
      circb: { requires: ['circa'] },
      ringa: { requires: ['ringb'] },
      ringb: { requires: ['ringa'] },
    });
    const outcome = await bench().run(['circa', 'ringa']);
    expect(oneLineOf(outcome)).toContain('circb requires circa');
    expect(oneLineOf(outcome)).toContain('ringb requires ringa');
  });
});

it('an extra that leads back is not asked for, and the expression and a note say why', async () => {
  await serve({
    circa: { requires: ['circb[more,less]>=1'] },
    circb: { extras: { more: ['circc>=1'], less: ['six'] } },
    circc: { requires: ['circa'] },
  });
  const outcome = await printed(['circa']);
  expect(outcome.stdout).toContain(`
      # the extra more of circb is left out: it leads back: circb[more] needs circc, which needs circa
      dependencies = [ circb ] ++ circb.optional-dependencies.less;
`);
  expect(oneLineOf(outcome)).toContain(
    'note: circa: the extra more of circb is left out of dependencies, since it leads back: circb[more] needs circc (Requires-Dist: circc>=1; extra == "more"), which needs circa (Requires-Dist: circa)',
  );
});

describe('a package that needs itself', () => {
  it('to be built is built with the backend that it brings', async () => {
    await serve({ builder: { build: ['builder'], ownBackend: true } });
    const { stdout, stderr } = await printed(['builder']);
    expect(stdout).toContain('# builder is left out: the sdist brings its own build backend');
    expect(stdout).toContain('pypaBuildFlags = [ "--skip-dependency-check" ];');
    expect(stderr).toContain('builder is left out of build-system: the sdist brings its own build backend');
  });

  it('to be built, without a backend of its own, ends the run', async () => {
    await serve({ builder: { build: ['setuptools', 'builder'] } });
    const outcome = await bench().run(['builder']);
    expect(outcome.code).toBe(1);
    expect(oneLineOf(outcome)).toContain('builder requires builder (build-system: builder)');
  });

  it('to run is printed without that', async () => {
    await serve({ narcissus: { requires: ['narcissus', 'six'] }, six: {} });
    const { stdout } = await printed(['narcissus']);
    expect(stdout).toContain('dependencies = [ six ];');
  });
});

describe('tools that build each other', () => {
  it('lose the requirement of the one that builds itself', async () => {
    await serve({
      setuptools: { build: ['wheel'], ownBackend: true },
      wheel: { build: ['setuptools'] },
    });
    const { stdout } = await printed(['wheel', '--deps', 'all', '--bootstrap']);
    expect(stdout).toContain(
      '# wheel is left out: it needs setuptools itself, and the sdist brings its own build backend',
    );
    expect(stdout).toContain('build-system = [ setuptools ];');
  });
});

describe('a project that the builder of the set needs', () => {
  it('is printed with a warning that everything is built again', async () => {
    await serve({ packaging: { build: ['flit-core'] } });
    expect((await printed(['packaging'])).stderr).toContain('every package of the set is built again');
  });

  it('is printed without one where the set is not replaced', async () => {
    await serve({ packaging: {} });
    const { stderr } = await printed(['packaging', '--release', '16.03']);
    expect(stderr).not.toContain('built again');
  });
});

describe('a build requirement that no index has', () => {
  it('is told with the package that asks for it', async () => {
    await serve({ circa: { build: ['setuptools', 'no-such-tool'] } });
    const outcome = await bench().run(['circa']);
    expect(outcome.code).toBe(1);
    expect(oneLineOf(outcome)).toContain('has no project no-such-tool (the build-system of circa asks for it)');
    expect(oneLineOf(outcome)).toContain('in circa.toml: build-system.remove = ["no-such-tool"]');
  });
});

describe('--extras', () => {
  const tree = { tree: { extras: { fruit: ['leaf-of-nowhere'], nuts: ['six'] } } };

  it('all is an error where the set lacks what belongs to one', async () => {
    await serve(tree);
    const outcome = await bench().run(['generate', 'tree', '--extras', 'all']);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(oneLineOf(outcome)).toContain(
      'the extra fruit of tree needs leaf-of-nowhere, which the package set does not have',
    );
  });

  it('NAME is an error where no named project has it, with those that there are', async () => {
    await serve(tree);
    const outcome = await bench().run(['generate', 'tree', '--extras', 'shade']);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(oneLineOf(outcome)).toContain('no named project has an extra "shade"');
    expect(oneLineOf(outcome)).toContain('tree has fruit and nuts');
  });

  it('NAME says that nothing is kept of a group for tests', async () => {
    await serve({ tree: { extras: { test: ['six'] } } });
    const outcome = await printed(['generate', 'tree', '--extras', 'test']);
    expect(oneLineOf(outcome)).toContain('the extra test is left out: nothing that users install belongs to it');
  });

  it('NAME keeps that one', async () => {
    await serve(tree);
    const { stdout } = await printed(['generate', 'tree', '--extras', 'nuts']);
    expect(stdout).toContain('nuts = [ six ];');
    expect(stdout).not.toContain('fruit');
  });
});

it('an extra that a package of the set has to have at run time is told as not checked', async () => {
  await serve({ it: { requires: ['requests[socks]>=2', 'six'] } });
  const { stdout } = await printed(['it']);
  expect(stdout).toContain('not checked: requests[socks]>=2\n');
});

it('a generated package does not take the place of a system library of the same name', async () => {
  await serve({ zlib: {}, user: { requires: ['zlib'] } });
  const overrides = '[[rule]]\nbuildInputs.add = ["zlib"]\nreason = "it links zlib"\n';
  const rules = path.join(bench().folder, 'rules');
  await mkdir(rules);
  await writeFile(path.join(rules, 'other.toml'), overrides);
  await serve({ other: {} });
  const { stdout } = await printed(['zlib', 'other', '--overrides', 'rules']);
  expect(stdout).toContain('buildInputs = [ pkgs.zlib ];');
});

it.each(['unstable', '26.05'])('--release %s prints the form of its own', async (release) => {
  await serve({ it: {} });
  const { stdout } = await printed(['it', '--release', release]);
  expect(stdout).toContain('buildPythonPackage (finalAttrs: {');
  expect(stdout).toContain('pyproject = true;');
});
