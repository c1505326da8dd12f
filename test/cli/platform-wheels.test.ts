import { describe, expect, it } from 'vitest';
import { makeZip, sha256Of } from '../support/archives.ts';
import { makeElf } from '../support/elf.ts';
import type { MadeUpFile } from '../support/made-up-index.ts';
import { expressionOf, messagesOf } from './support/made-projects.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

/** A wheel of `made-up-press` 1.0; those for Linux link the libraries. */
function wheel(tags: string, needed: readonly string[] = []): MadeUpFile {
  const metadata = 'Metadata-Version: 2.2\nName: made-up-press\nVersion: 1.0\nLicense-Expression: MIT\n';
  const isLinux = tags.includes('linux');
  const bytes = makeZip({
    'made_up_press/__init__.py': '',
    ...(isLinux
      ? { 'made_up_press/_press.abi3.so': makeElf({ needed: [...needed, 'libown-1.so', 'libc.so.6'] }) }
      : {}),
    ...(isLinux ? { 'made_up_press.libs/libown-1.so': makeElf({ needed: ['libc.so.6'] }) } : {}),
    'made_up_press-1.0.dist-info/METADATA': metadata,
    'made_up_press-1.0.dist-info/WHEEL': `Wheel-Version: 1.0\nTag: ${tags}\n`,
    'made_up_press-1.0.dist-info/RECORD': '',
  });
  return { filename: `made_up_press-1.0-${tags}.whl`, bytes };
}

function sri(file: MadeUpFile): string {
  return `sha256-${Buffer.from(sha256Of(file.bytes), 'hex').toString('base64')}`;
}

const ARM = wheel('cp311-abi3-manylinux_2_17_aarch64', ['libz.so.1', 'libstdc++.so.6']);
const INTEL = wheel('cp311-abi3-manylinux_2_17_x86_64', ['libz.so.1', 'libstdc++.so.6']);
const INTEL_NEWER = wheel('cp311-abi3-manylinux_2_28_x86_64', ['libz.so.1', 'libstdc++.so.6']);
const MACOS = wheel('cp311-abi3-macosx_11_0_arm64');

describe('a release with a wheel for each platform', () => {
  it('is generated with the wheel of each, and with the libraries that they link', async () => {
    bench().index.project('made-up-press', [MACOS, ARM, INTEL, INTEL_NEWER]);

    const outcome = await bench().run(['--python', '3.13', 'made-up-press']);

    const text = outcome.stdout.split('  made-up-press = final.callPackage (\n')[1] ?? '';
    expect(text.split('\n').slice(0, 53).join('\n').replaceAll(/^ {4}/gmu, '')).toBe(`{
  lib,
  stdenv,
  buildPythonPackage,
  fetchPypi,

  # native libraries
  autoPatchelfHook,
  zlib,
}:

buildPythonPackage rec {
  pname = "made-up-press";
  version = "1.0";
  format = "wheel";

  src =
    let
      wheels = {
        aarch64-darwin = {
          platform = "macosx_11_0_arm64";
          hash = "${sri(MACOS)}";
        };
        aarch64-linux = {
          platform = "manylinux_2_17_aarch64";
          hash = "${sri(ARM)}";
        };
        x86_64-linux = {
          platform = "manylinux_2_28_x86_64";
          hash = "${sri(INTEL_NEWER)}";
        };
      };
      target = stdenv.hostPlatform.system;
    in
    fetchPypi (
      {
        pname = "made_up_press";
        inherit version;
        format = "wheel";
        dist = "cp311";
        python = "cp311";
        abi = "abi3";
      }
      // wheels.\${target} or (throw "made-up-press 1.0 has no wheel for \${target}")
    );

  nativeBuildInputs = lib.optionals stdenv.hostPlatform.isLinux [ autoPatchelfHook ];

  buildInputs = lib.optionals stdenv.hostPlatform.isLinux [
    stdenv.cc.cc.lib
    zlib
  ];
`);
    expect(messagesOf(outcome)).toEqual([
      'note: made-up-press: made-up-press 1.0 has no sdist, its wheel made_up_press-1.0-cp311-abi3-manylinux_2_28_x86_64.whl is used',
      'note: made-up-press: stdenv.cc.cc.lib and zlib inferred from what the wheel links (made_up_press-1.0-cp311-abi3-manylinux_2_28_x86_64.whl)',
    ]);
  });

  it('takes wheels that the C library of an older release can run', async () => {
    bench().index.project('made-up-press', [INTEL, INTEL_NEWER]);

    const old = await bench().run([
      '--release',
      '18.03',
      '--python',
      '3.13',
      '--platform',
      'x86_64-linux',
      'made-up-press',
    ]);

    expect(expressionOf('made-up-press', old)).toContain('platform = "manylinux_2_17_x86_64";');
  });

  it('for one platform is fetched as it is, without a choice', async () => {
    bench().index.project('made-up-press', [INTEL]);

    const outcome = await bench().run(['--python', '3.13', '--platform', 'x86_64-linux', 'made-up-press']);

    const text = expressionOf('made-up-press', outcome);
    expect(text).not.toContain('wheels');
    expect(text).toContain('nativeBuildInputs = [ autoPatchelfHook ];');
    expect(text).toContain('buildInputs = [\n    stdenv.cc.cc.lib\n    zlib\n  ];');
  });

  it('says for which targets it has none, and which libraries it does not know', async () => {
    bench().index.project('made-up-press', [
      wheel('cp313-cp313-manylinux_2_17_x86_64', ['libodd.so.7']),
      wheel('cp312-cp312-manylinux_2_17_x86_64', ['libodd.so.7']),
      wheel('cp313-cp313-manylinux_2_17_aarch64', ['libodd.so.7']),
    ]);

    const outcome = await bench().run(['made-up-press']);

    expect(messagesOf(outcome)).toEqual([
      'note: made-up-press: made-up-press 1.0 has no sdist, its wheel made_up_press-1.0-cp313-cp313-manylinux_2_17_x86_64.whl is used',
      'warning: made-up-press: made-up-press 1.0 has no wheel for Python 3.11, Python 3.12 on aarch64-linux, Python 3.14, Python 3.15 and aarch64-darwin',
      'note: made-up-press: no nixpkgs attribute is known for the linked library libodd.so.7 (made_up_press-1.0-cp313-cp313-manylinux_2_17_x86_64.whl)',
    ]);
  });

  it('needs no download of the whole wheel where it is pure', async () => {
    bench().index.project('made-up-press', [wheel('py3-none-any')]);

    const outcome = await bench().run(['made-up-press']);

    const text = expressionOf('made-up-press', outcome);
    expect(text).not.toContain('autoPatchelfHook');
    expect(text).toContain('platform = "any";');
  });
});
