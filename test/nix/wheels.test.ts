import { describe, expect, it } from 'vitest';
import type { SystemInput, TargetWheel } from '../../src/classify/package-facts.ts';
import { dialectFor } from '../../src/nix/dialect.ts';
import { packageFunction } from '../../src/nix/package-expression.ts';
import type { PackageToPrint } from '../../src/nix/package-names.ts';
import { printExpression } from '../../src/nix/print.ts';
import { parseMarker } from '../../src/pep/marker.ts';
import { describeWithNix } from '../support/nix.ts';
import { type FactsOverrides, packageFacts, toPrint } from './support/facts.ts';
import { evaluateNix } from './support/nix.ts';

const ON_LINUX = parseMarker('sys_platform == "linux"');
const DIGITS = '0123456789abcdef';

/** A wheel of `press` 1.0 whose digest is of one digit. */
function wheel(python: string, system: string, tags: string, digit = 0): TargetWheel {
  const filename = `press-1.0-${tags}.whl`;
  const sha256 = (DIGITS[digit] ?? '0').repeat(64);
  return { python, system, filename, sha256, url: `https://files.test/${filename}` };
}

const COMPILED: readonly TargetWheel[] = [
  wheel('3.13', 'x86_64-linux', 'cp313-cp313-manylinux_2_28_x86_64', 1),
  wheel('3.13', 'aarch64-darwin', 'cp313-cp313-macosx_11_0_arm64', 2),
  wheel('3.12', 'x86_64-linux', 'cp312-cp312-manylinux_2_28_x86_64', 3),
];
const ABI3: readonly TargetWheel[] = [
  wheel('3.13', 'x86_64-linux', 'cp39-abi3-manylinux_2_17_x86_64', 1),
  wheel('3.13', 'aarch64-linux', 'cp39-abi3-manylinux_2_17_aarch64', 2),
];

function linuxOnly(attribute: string): SystemInput {
  return { kind: 'system', attribute, marker: ON_LINUX, origins: [] };
}

function press(wheels: readonly TargetWheel[], more: FactsOverrides = {}): PackageToPrint {
  const [first = wheel('3.13', 'x86_64-linux', 'py3-none-any')] = wheels;
  const { filename, sha256, url } = first;
  return toPrint(packageFacts({ name: 'press', source: { kind: 'wheel', filename, sha256, url, wheels }, ...more }));
}

function printed(each: PackageToPrint, release = '24.05') {
  const { expression, notes } = packageFunction(each, { dialect: dialectFor(release), shadowedBy: 'pkgs' });
  return { text: printExpression(expression), notes: notes.map(({ text }) => text) };
}

describe('a release with a wheel for each target', () => {
  it('has a source by interpreter and system, and the libraries that it links on Linux', () => {
    const inputs = {
      nativeBuildInputs: [linuxOnly('autoPatchelfHook')],
      buildInputs: [linuxOnly('zlib'), linuxOnly('stdenv.cc.cc.lib')],
    };
    expect(printed(press(COMPILED, { inputs })).text).toBe(`{
  lib,
  stdenv,
  buildPythonPackage,
  fetchPypi,
  python,

  # native libraries
  autoPatchelfHook,
  zlib,
}:

buildPythonPackage rec {
  pname = "press";
  version = "1.0";
  format = "wheel";

  src =
    let
      wheels = {
        "3.12-x86_64-linux" = {
          dist = "cp312";
          python = "cp312";
          abi = "cp312";
          platform = "manylinux_2_28_x86_64";
          hash = "sha256-MzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM=";
        };
        "3.13-aarch64-darwin" = {
          dist = "cp313";
          python = "cp313";
          abi = "cp313";
          platform = "macosx_11_0_arm64";
          hash = "sha256-IiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiI=";
        };
        "3.13-x86_64-linux" = {
          dist = "cp313";
          python = "cp313";
          abi = "cp313";
          platform = "manylinux_2_28_x86_64";
          hash = "sha256-ERERERERERERERERERERERERERERERERERERERERERE=";
        };
      };
      target = "\${python.pythonVersion}-\${stdenv.hostPlatform.system}";
    in
    fetchPypi (
      {
        inherit pname version;
        format = "wheel";
      }
      // wheels.\${target} or (throw "press 1.0 has no wheel for \${target}")
    );

  nativeBuildInputs = lib.optionals stdenv.hostPlatform.isLinux [ autoPatchelfHook ];

  buildInputs = lib.optionals stdenv.hostPlatform.isLinux [
    stdenv.cc.cc.lib
    zlib
  ];

  meta = {
    sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
    platforms = [
      "aarch64-darwin"
      "x86_64-linux"
    ];
  };
}
`);
  });

  it('for one interpreter has a source by system, with what the wheels have in common once', () => {
    const text = printed(press(ABI3)).text;
    expect(text.slice(text.indexOf('  src ='))).toBe(`  src =
    let
      wheels = {
        aarch64-linux = {
          platform = "manylinux_2_17_aarch64";
          hash = "sha256-IiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiI=";
        };
        x86_64-linux = {
          platform = "manylinux_2_17_x86_64";
          hash = "sha256-ERERERERERERERERERERERERERERERERERERERERERE=";
        };
      };
      target = stdenv.hostPlatform.system;
    in
    fetchPypi (
      {
        inherit pname version;
        format = "wheel";
        dist = "cp39";
        python = "cp39";
        abi = "abi3";
      }
      // wheels.\${target} or (throw "press 1.0 has no wheel for \${target}")
    );

  meta = {
    sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
    platforms = [
      "aarch64-linux"
      "x86_64-linux"
    ];
  };
}
`);
  });

  it('of which one has a build number is fetched by address', () => {
    const [linux, arm] = ABI3;
    const built = wheel('3.13', 'x86_64-linux', '2-cp39-abi3-manylinux_2_17_x86_64', 1);
    const text = printed(press([built, ...(arm === undefined ? [] : [arm])])).text;
    expect(linux).toBeDefined();
    expect(text.slice(text.indexOf('  src ='))).toBe(`  src =
    let
      wheels = {
        aarch64-linux = {
          url = "https://files.test/press-1.0-cp39-abi3-manylinux_2_17_aarch64.whl";
          hash = "sha256-IiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiI=";
        };
        x86_64-linux = {
          url = "https://files.test/press-1.0-2-cp39-abi3-manylinux_2_17_x86_64.whl";
          hash = "sha256-ERERERERERERERERERERERERERERERERERERERERERE=";
        };
      };
      target = stdenv.hostPlatform.system;
    in
    fetchurl (wheels.\${target} or (throw "press 1.0 has no wheel for \${target}"));

  meta = {
    sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
    platforms = [
      "aarch64-linux"
      "x86_64-linux"
    ];
  };
}
`);
  });

  it('says where a release of nixpkgs has no hook for compiled files', () => {
    const inputs = { nativeBuildInputs: [linuxOnly('autoPatchelfHook')] };
    const { text, notes } = printed(press(ABI3, { inputs }), '17.03');
    expect(text).not.toContain('autoPatchelfHook');
    expect(notes).toEqual([
      'nixpkgs 17.03 has no autoPatchelfHook: what is compiled in the wheel finds the libraries of Python alone',
    ]);
  });
});

describeWithNix('wheels in Nix', () => {
  const releases = ['17.03', '18.03', '20.03', '21.11', '22.05', '23.05', '24.05', '26.05', 'unstable'];
  const systems = ['x86_64-linux', 'aarch64-linux', 'aarch64-darwin'];
  const pythons = ['3.12', '3.13'];

  it.each([
    ['for each interpreter', COMPILED],
    ['for one interpreter', ABI3],
  ])('%s are chosen by the target, and a target without one is told', async (_, wheels) => {
    const inputs = { nativeBuildInputs: [linuxOnly('autoPatchelfHook')], buildInputs: [linuxOnly('stdenv.cc.cc.lib')] };
    const packages = releases.map((release) => printed(press(wheels, { inputs }), release).text);
    const value = await evaluateNix(`
      let
        buildPythonPackage = argument:
          let attrs = if builtins.isFunction argument then argument attrs else argument; in attrs;
        targets = [ ${pythons.flatMap((python) => systems.map((system) => `{ python = "${python}"; system = "${system}"; }`)).join(' ')} ];
        call = f: target:
          let
            stdenv = rec {
              inherit (target) system;
              hostPlatform = { inherit system isLinux; };
              isLinux = builtins.match ".*-linux" system != null;
              cc.cc.lib = "gcc";
            };
            arguments = {
              inherit buildPythonPackage stdenv;
              lib.optionals = condition: list: if condition then list else [ ];
              fetchPypi = args: "\${args.pname}-\${args.version}-\${args.python}-\${args.abi}-\${args.platform}.whl";
              python.pythonVersion = target.python;
              autoPatchelfHook = "hook";
            };
            attrs = f (builtins.intersectAttrs (builtins.functionArgs f) arguments);
            src = builtins.tryEval attrs.src;
          in
          [ (if src.success then src.value else null) (attrs.nativeBuildInputs or [ ]) attrs.buildInputs ];
      in
      map (f: map (call f) targets) [ ${packages.map((text) => `(${text})`).join('\n')} ]`);
    const expected = (release: string) =>
      pythons.flatMap((python) =>
        systems.map((system) => {
          const isOne = wheels === ABI3;
          const found = wheels.find((each) => each.system === system && (isOne || each.python === python));
          const isLinux = system.endsWith('-linux');
          return [found?.filename ?? null, isLinux && release !== '17.03' ? ['hook'] : [], isLinux ? ['gcc'] : []];
        }),
      );
    expect(value).toEqual(releases.map(expected));
  });
});
