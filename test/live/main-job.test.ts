import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeWithNix } from '../support/nix.ts';
import { useNixStore } from './support/nix-store.ts';
import { NETWORK_TIMEOUT, useRealRuns } from './support/real-run.ts';

const COMMAND = ['toolz', 'datashape'];
const LISTS = ['build-system', 'nativeBuildInputs', 'buildInputs', 'dependencies', 'nativeCheckInputs'] as const;

/** What `--json` says of a package, as far as it is compared here. */
interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly attribute: string;
  readonly inputs: Readonly<Record<(typeof LISTS)[number], readonly string[]>>;
}

describe('pypi2nix toolz datashape', () => {
  const pypi = useRealRuns();
  let expressions = '';
  let json: unknown;
  let packages: readonly PackageJson[] = [];

  beforeAll(async () => {
    expressions = await pypi.run(COMMAND);
    const text = await pypi.run([...COMMAND, '--json']);
    const parsed: { packages: readonly PackageJson[] } = JSON.parse(text);
    json = parsed;
    packages = parsed.packages;
    await writeFile(join(pypi.folder, 'python-packages.nix'), expressions);
  }, NETWORK_TIMEOUT);

  it('describes the two packages as one JSON object', () => {
    const known = {
      version: expect.stringMatching(/^\d+(?:\.\d+)+$/u),
      source: { file: expect.stringMatching(/\.tar\.gz$/u), sha256: expect.stringMatching(/^[0-9a-f]{64}$/u) },
    };
    expect(json).toMatchObject({
      form: 1,
      packages: [
        { ...known, name: 'datashape', attribute: 'datashape' },
        { ...known, name: 'toolz', attribute: 'toolz' },
      ],
    });
  });

  it('tells the inputs of datashape apart, and where each comes from', () => {
    const [datashape] = packages;
    expect(datashape).toMatchObject({
      inputs: {
        'build-system': expect.arrayContaining(['setuptools']),
        dependencies: ['multipledispatch', 'numpy', 'python-dateutil'],
        nativeCheckInputs: ['pytest'],
      },
      why: { dependencies: { numpy: [{ kind: 'requirement', text: expect.stringContaining('declared in') }] } },
    });
  });

  it('prints the same bytes again', async () => {
    expect(await pypi.run(COMMAND)).toBe(expressions);
  });

  describeWithNix('in Nix', () => {
    const store = useNixStore();
    /** The names that a real package set has, and the stand-in has not. */
    const placeholders = (): Record<string, string> => {
      const generated = packages.map(({ name }) => name);
      const inputs = packages.flatMap((one) => LISTS.flatMap((list) => one.inputs[list]));
      return { STAND_IN_PLACEHOLDERS: inputs.filter((name) => !generated.includes(name)).join(' ') };
    };

    it('the output is one Nix expression', async () => {
      const parsed = await store().run('nix-instantiate', ['--parse', join(pypi.folder, 'python-packages.nix')]);
      expect(parsed.stderr).toBe('');
      expect(parsed.ok).toBe(true);
    });

    it('the line in the header uses the file', async () => {
      const use = [...expressions.matchAll(/^# {3}(?!pypi2nix)(.*)$/gmu)].map(([, line]) => line).join('\n');
      expect(use).toMatch(/^let python = .*\nin python\.withPackages/u);
      const result = await store().instantiate(use, { cwd: pypi.folder, env: placeholders() });
      expect(result.ok, result.stderr).toBe(true);
      expect(result.stdout).toMatch(/\.drv\n$/u);
    });

    it('what Nix makes of each package is what the classification says', async () => {
      const shown = await store().evaluate(
        `let
          pkgs = import <nixpkgs> { };
          python = pkgs.python3.override { packageOverrides = import ${pypi.folder}/python-packages.nix; };
          names = map (input: input.pname or input.name);
          show = package: {
            inherit (package) pname version;
            build-system = names package.build-system;
            buildInputs = names package.buildInputs;
            dependencies = names package.dependencies;
            checks = names package.nativeCheckInputs;
          };
        in map (name: show python.pkgs.\${name}) [ ${packages.map(({ attribute }) => `"${attribute}"`).join(' ')} ]`,
        { env: placeholders() },
      );
      expect(shown).toEqual(
        packages.map(({ name, version, inputs }) => ({
          pname: name,
          version,
          'build-system': inputs['build-system'],
          buildInputs: inputs.buildInputs,
          dependencies: inputs.dependencies,
          // The hook brings pytest along.
          checks: inputs.nativeCheckInputs.map((input) => (input === 'pytest' ? 'pytest-hook' : input)),
        })),
      );
    });
  });
});
