import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { EIGHT } from './support/eight-packages.ts';
import { expectedInputs } from './support/expected-inputs.ts';
import { headerLine } from './support/header-line.ts';
import { evaluateNix } from './support/nix.ts';
import { aroundModern, describeWithNixpkgs, INPUTS_OF_OLD } from './support/real-nixpkgs.ts';

const GOLDEN = fileURLToPath(new URL('../golden/releases', import.meta.url));

type Name = (typeof EIGHT)[number];

/** The golden files of a release by name. */
async function goldens(release: string, names: readonly Name[]): Promise<Map<string, string>> {
  const read = names.map(
    async (name) => [`${name}.nix`, await readFile(path.join(GOLDEN, release, `${name}.nix`), 'utf8')] as const,
  );
  return new Map(await Promise.all(read));
}

/** A set with the value of an expression for each name, \`NAME\` in it replaced. */
function forEach(names: readonly Name[], expression: (name: Name) => string): string {
  return `{ ${names.map((name) => `"${name}" = ${expression(name)};`).join('\n')} }`;
}

function sorted(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].sort();
}

/** What is expected of one of the eight in a release that builds by setup.py, by the names of its set. */
function oldInputs(name: Name): { readonly tools: string[]; readonly libraries: string[]; readonly run: string[] } {
  const { native, libraries, run, check } = expectedInputs(name, '16.03');
  const tools = native.filter(
    (each) => !/^(?:setuptools|pythonRelaxDepsHook|rustPlatform\.cargoSetupHook)$/u.test(each),
  );
  const runners = check.flatMap((each) =>
    each === 'pytestCheckHook' ? ['pytest'] : each === 'unittestCheckHook' ? [] : [each],
  );
  return {
    // So the old sets spell its project.
    tools: sorted(tools, runners).map((each) => (each === 'cython' ? 'Cython' : each)),
    libraries: libraries.map((each) => each.replace('the-library-', '')),
    // There are no extras to ask for.
    run: run.filter((each) => each !== 'docopt').sort(),
  };
}

for (const release of ['16.03', '17.03']) {
  describeWithNixpkgs(`NIXPKGS_${release.replace('.', '_')}`, (checkout) => {
    const names = EIGHT.filter((name) => release !== '16.03' || name !== 'made-up-lid');
    const nixPath = `nixpkgs=${checkout}`;

    it('makes of the golden files what the classification says', async () => {
      const value = await evaluateNix(
        `${INPUTS_OF_OLD} ${forEach(names, (name) => `inputsOf (import ./${name}.nix { }).${name}`)}`,
        { nixPath, files: await goldens(release, names) },
      );
      const expected = names.map((name) => {
        const { tools, libraries, run } = oldInputs(name);
        return [name, { build: sorted(tools, libraries), run }];
      });
      expect(value).toEqual(Object.fromEntries(expected));
    });

    it('evaluates the lines of their headers', async () => {
      const files = await goldens(release, names);
      const value = await evaluateNix(
        forEach(names, (name) => `(${headerLine(files.get(`${name}.nix`) ?? '', `${name}.nix`)}).drvPath`),
        { nixPath, files },
      );
      for (const path of Object.values(value ?? {})) expect(path).toMatch(/environment\.drv$/u);
    });

    it('excludes the interpreters that a package excludes', async () => {
      const on = (set: string): string =>
        `(builtins.tryEval (import ./made-up-clock.nix { pythonPackages = (import <nixpkgs> { }).${set}; }).made-up-clock.drvPath).success`;
      const value = await evaluateNix(
        `[ ${on('python27Packages')} ${on('python34Packages')} ${on('python35Packages')} ]`,
        {
          nixPath,
          files: await goldens(release, ['made-up-clock']),
        },
      );
      expect(value).toEqual([true, false, true]);
    });
  });
}

const OVERLAID = `
  on = interpreter: file: (interpreter.override { packageOverrides = import file; }).pkgs;
  nameOf = input: input.pname or (builtins.parseDrvName (builtins.replaceStrings [ "python3.6-" "python3.5-" ] [ "" "" ] input.name)).name;
`;

/** The inputs of derivations whose builder adds check inputs to the libraries, without those that it adds itself. */
async function inputsByListOf(release: string, nixPath: string, packageOf: (name: Name) => string): Promise<unknown> {
  return evaluateNix(
    `let
      pkgs = import <nixpkgs> { };
      ${OVERLAID}
      brought = [ "hook" "pip" "ensure-newer-sources-hook" "wrap-python-hook" "setuptools" "python3" "python3.6" "unzip" "python" ];
      given = inputs: builtins.sort builtins.lessThan (builtins.filter (name: !(builtins.elem name brought)) (map nameOf inputs));
      inputsOf = package: {
        tools = given package.nativeBuildInputs;
        libraries = given package.buildInputs;
        run = given package.propagatedBuildInputs;
      };
    in ${forEach(EIGHT, (name) => `inputsOf (${packageOf(name)})`)}`,
    { nixPath, files: await goldens(release, EIGHT) },
  );
}

function expectedByList(): Readonly<Record<string, unknown>> {
  const expected = EIGHT.map((name) => {
    const { tools, libraries, run } = oldInputs(name);
    const check = name === 'made-up-scale' ? ['mock', 'pytest'] : [];
    return [name, { tools: tools.filter((each) => !check.includes(each)), libraries: sorted(libraries, check), run }];
  });
  return Object.fromEntries(expected);
}

describeWithNixpkgs('NIXPKGS_18_03', (checkout) => {
  const nixPath = `nixpkgs=${checkout}`;

  it('makes of the golden files what the classification says', async () => {
    const value = await inputsByListOf('18.03', nixPath, (name) => `(on pkgs.python3 ./${name}.nix).${name}`);
    expect(value).toEqual(expectedByList());
  });

  it('evaluates the lines of their headers', async () => {
    const files = await goldens('18.03', EIGHT);
    const value = await evaluateNix(
      forEach(EIGHT, (name) => `(${headerLine(files.get(`${name}.nix`) ?? '', `${name}.nix`)}).drvPath`),
      { nixPath, files },
    );
    for (const path of Object.values(value ?? {})) expect(path).toMatch(/-env\.drv$/u);
  });

  it('follows the conditions on every interpreter', async () => {
    const value = await evaluateNix(
      `let
        pkgs = import <nixpkgs> { };
        ${OVERLAID}
        run = interpreter: map (input: builtins.elem input.outPath (map (each: each.outPath) (on interpreter ./made-up-cutlery.nix).made-up-cutlery.propagatedBuildInputs));
        hypothesisAndMock = interpreter: set: run interpreter [ set.hypothesis set.mock ];
        clock = interpreter: (builtins.tryEval (on interpreter ./made-up-clock.nix).made-up-clock.drvPath).success;
      in {
        inputs = [ (hypothesisAndMock pkgs.python36 pkgs.python36.pkgs) (hypothesisAndMock pkgs.python27 pkgs.python27.pkgs) ];
        pypy = builtins.length (on pkgs.pypy ./made-up-cutlery.nix).made-up-cutlery.propagatedBuildInputs;
        excluded = map clock [ pkgs.python34 pkgs.python35 pkgs.pypy ];
      }`,
      { nixPath, files: await goldens('18.03', ['made-up-cutlery', 'made-up-clock']) },
    );
    // On PyPy these are made-up-plate, six, mock, and what the builder adds: PyPy and setuptools.
    expect(value).toEqual({
      inputs: [
        [true, false],
        [true, true],
      ],
      pypy: 5,
      excluded: [false, true, true],
    });
  });
});

/** What the derivations of hooks are called. */
const HOOKS: Readonly<Record<string, string>> = {
  pytestCheckHook: 'pytest-check-hook',
  unittestCheckHook: 'unittest-check-hook',
  'rustPlatform.cargoSetupHook': 'cargo-setup-hook.sh',
};

describeWithNixpkgs('NIXPKGS_MODERN', (checkout) => {
  const nixPath = 'nixpkgs=./nixpkgs';
  const files = async (): Promise<Map<string, string>> =>
    new Map([...(await goldens('26.05', EIGHT)), ['nixpkgs/default.nix', aroundModern(checkout, ['docopt', 'mock'])]]);

  it('makes of the golden files what the classification says', async () => {
    const value = await evaluateNix(
      `let
        pkgs = import <nixpkgs> { };
        ${OVERLAID}
        hooks = [ "pytest-check-hook" "unittest-check-hook" "mock" ];
        inputsOf = package: let checked = package.overridePythonAttrs { doCheck = true; }; in {
          native = builtins.sort builtins.lessThan (map nameOf package.build-system ++ map nameOf (builtins.filter (input: builtins.elem (nameOf input) [ "cargo" "rustc" "cargo-setup-hook.sh" ]) package.nativeBuildInputs));
          libraries = builtins.sort builtins.lessThan (map nameOf package.buildInputs);
          run = map nameOf package.dependencies;
          check = builtins.sort builtins.lessThan (builtins.filter (name: builtins.elem name hooks) (map nameOf checked.nativeBuildInputs));
          extras = builtins.mapAttrs (_: map nameOf) package.optional-dependencies;
        };
      in ${forEach(EIGHT, (name) => `inputsOf (on pkgs.python3 ./${name}.nix).${name}`)}`,
      { nixPath, files: await files() },
    );
    const expected = EIGHT.map((name) => {
      const { native, libraries, run, check, extras } = expectedInputs(name, '26.05');
      return [
        name,
        {
          native: native.map((each) => HOOKS[each] ?? each).sort(),
          libraries: libraries.map((each) => each.replace('the-library-', '')),
          run,
          check: check.map((each) => HOOKS[each] ?? each).sort(),
          extras,
        },
      ];
    });
    expect(value).toEqual(Object.fromEntries(expected));
  });

  it('evaluates the lines of their headers', async () => {
    const all = await files();
    const value = await evaluateNix(
      forEach(EIGHT, (name) => `(${headerLine(all.get(`${name}.nix`) ?? '', `${name}.nix`)}).drvPath`),
      { nixPath, files: all },
    );
    for (const path of Object.values(value ?? {})) expect(path).toMatch(/-env\.drv$/u);
  });
});
