import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type MadeRelease, serveProjects } from '../cli/support/made-projects.ts';
import { useCommandBench } from '../cli/support/run-command.ts';
import { describeWithNix, type NixResult, type NixStore, openNixStore } from '../support/nix.ts';

describeWithNix('packages in circles', () => {
  const bench = useCommandBench();
  let store: NixStore;
  beforeEach(async () => {
    store = await openNixStore();
  });
  afterEach(() => store.remove());

  const env = { STAND_IN_PLACEHOLDERS: 'setuptools six' };

  async function generate(projects: Readonly<Record<string, MadeRelease>>, args: readonly string[]): Promise<string> {
    await serveProjects(bench(), projects);
    const outcome = await bench().run(args);
    expect({ code: outcome.code, stderr: outcome.code === 0 ? '' : outcome.stderr }).toEqual({ code: 0, stderr: '' });
    await writeFile(path.join(bench().folder, 'python-packages.nix'), outcome.stdout);
    return outcome.stdout;
  }

  /** Instantiates packages of a set in which pytest needs pluggy, as that of nixpkgs does, with what was generated and `more` on top. */
  function instantiate(packages: string, more = '_: _: { }'): Promise<NixResult> {
    return store.instantiate(
      `let
        set = final: prev: {
          pytest = final.buildPythonPackage { pname = "pytest"; version = "8"; pyproject = true; dependencies = [ final.pluggy ]; };
          pluggy = final.buildPythonPackage { pname = "pluggy"; version = "1"; pyproject = true; };
        };
        generated = import ${bench().folder}/python-packages.nix;
        compose = f: g: final: prev: let first = f final prev; in first // g final (prev // first);
        python = (import <nixpkgs> { }).python3.override { packageOverrides = compose set (compose generated (${more})); };
      in with python.pkgs; ${packages}`,
      { env },
    );
  }

  it('whose tests lead back through the package set are evaluated, and so are these tests by themselves', async () => {
    await generate({ pluggy: { tests: ['pytest'] } }, ['pluggy']);
    expect(await instantiate('[ pluggy pytest pluggy.tests.pytest ]')).toMatchObject({ ok: true });
  });

  it('would recurse for ever with these tests in the build', async () => {
    await generate({ pluggy: { tests: ['pytest'] } }, ['pluggy']);
    const more = '_: prev: { pluggy = prev.pluggy.overridePythonAttrs { doCheck = true; }; }';
    const result = await instantiate('pluggy', more);
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('infinite recursion');
  });

  it('by tests, extras and builds in one run are evaluated', async () => {
    const text = await generate(
      {
        alpha: { requires: ['beta[more]'], tests: ['pytest', 'gamma'] },
        beta: { extras: { more: ['gamma', 'six'], less: ['alpha'] }, tests: ['pytest', 'alpha'] },
        gamma: { build: ['setuptools', 'delta[tools]'], requires: ['alpha'] },
        delta: { extras: { tools: ['alpha'] }, tests: ['pytest', 'gamma'] },
      },
      ['alpha', 'beta', 'gamma', 'delta', '--extras', 'all'],
    );
    expect(text).toContain(
      '# the extra more of beta is left out: it leads back: beta[more] needs gamma, which needs alpha',
    );
    expect(await instantiate('[ alpha beta gamma delta alpha.tests.pytest ]')).toMatchObject({ ok: true });
  });
});
