import { describe, expect, it } from 'vitest';
import { chooseWheels } from '../../src/index/choose-wheels.ts';
import type { TagTarget } from '../../src/pep/wheel-tags.ts';
import { DARWIN, file, LINUX } from './support/files.ts';

const OLDER: TagTarget = { ...LINUX, python: '3.12' };

function choose(names: readonly string[], targets: readonly TagTarget[], requiresPython: string | null = null) {
  const files = names.map((name) => ({ ...file(name), requiresPython }));
  return chooseWheels(files, { project: 'toolz', targets }).map(
    ({ target, file: { filename } }) => `${target.python} ${target.platform}: ${filename}`,
  );
}

describe('the wheels of a release for several targets', () => {
  it('are for each the one that an installer takes', () => {
    const names = [
      'toolz-1.0-cp313-cp313-macosx_11_0_arm64.whl',
      'toolz-1.0-cp313-cp313-manylinux_2_17_x86_64.whl',
      'toolz-1.0-cp313-cp313-musllinux_1_2_x86_64.whl',
      'toolz-1.0-cp311-abi3-manylinux_2_17_x86_64.whl',
      'toolz-1.0-py3-none-any.whl',
      'toolz-1.0.tar.gz',
    ];
    expect(choose(names, [LINUX, DARWIN, OLDER])).toEqual([
      '3.13 x86_64-linux: toolz-1.0-cp313-cp313-manylinux_2_17_x86_64.whl',
      '3.13 aarch64-darwin: toolz-1.0-cp313-cp313-macosx_11_0_arm64.whl',
      '3.12 x86_64-linux: toolz-1.0-cp311-abi3-manylinux_2_17_x86_64.whl',
    ]);
  });

  it('leave out targets that none fits, and interpreters that they refuse', () => {
    const names = ['toolz-1.0-cp313-abi3-manylinux_2_17_x86_64.whl', 'toolz-1.0-cp312-abi3-manylinux_2_17_x86_64.whl'];
    expect(choose(names, [LINUX, DARWIN, OLDER], '>=3.13')).toEqual([
      '3.13 x86_64-linux: toolz-1.0-cp313-abi3-manylinux_2_17_x86_64.whl',
    ]);
  });
});
