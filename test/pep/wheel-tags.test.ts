import { describe, expect, it } from 'vitest';
import { parseWheelName, type WheelName } from '../../src/pep/wheel-name.ts';
import { type TagTarget, wheelFits, wheelRank } from '../../src/pep/wheel-tags.ts';

const TARGETS = {
  linux: { python: '3.13', implementation: 'cpython', platform: 'x86_64-linux' },
  arm: { python: '3.13', implementation: 'cpython', platform: 'aarch64-linux' },
  intelMac: { python: '3.13', implementation: 'cpython', platform: 'x86_64-darwin' },
  mac: { python: '3.13', implementation: 'cpython', platform: 'aarch64-darwin' },
  pypy: { python: '3.10', implementation: 'pypy', platform: 'x86_64-linux' },
  py37: { python: '3.7', implementation: 'cpython', platform: 'x86_64-linux' },
  py27: { python: '2.7', implementation: 'cpython', platform: 'x86_64-linux' },
  py27mac: { python: '2.7', implementation: 'cpython', platform: 'x86_64-darwin' },
} satisfies Record<string, TagTarget>;

function wheel(tags: string): WheelName {
  const parsed = parseWheelName(`foo-1.0-${tags}.whl`);
  if (parsed === null) throw new Error(`no wheel: ${tags}`);
  return parsed;
}

describe('the targets that a wheel fits', () => {
  it.each([
    ['py3-none-any', 'linux arm intelMac mac pypy py37'],
    ['py2.py3-none-any', 'linux arm intelMac mac pypy py37 py27 py27mac'],
    ['py310-none-any', 'linux arm intelMac mac pypy'],
    ['cp313-none-any', 'linux arm intelMac mac'],
    ['cp313-cp313-manylinux2014_x86_64', 'linux'],
    ['cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64', 'linux'],
    ['cp313-cp313-manylinux_2_28_aarch64', 'arm'],
    ['cp313-cp313-linux_x86_64', 'linux'],
    ['cp313-cp313-musllinux_1_2_x86_64', ''],
    ['cp313-cp313-win_amd64', ''],
    ['cp313-cp313t-manylinux2014_x86_64', ''],
    ['cp312-cp312-manylinux2014_x86_64', ''],
    ['cp39-abi3-manylinux2014_x86_64', 'linux'],
    ['cp314-abi3-manylinux2014_x86_64', ''],
    ['cp313-cp313-macosx_11_0_arm64', 'mac'],
    ['cp313-cp313-macosx_10_13_x86_64', 'intelMac'],
    ['cp313-cp313-macosx_10_13_universal2', 'intelMac mac'],
    ['py3-none-manylinux1_x86_64', 'linux pypy py37'],
    ['py3-none-manylinux2010_aarch64', ''],
    ['pp310-pypy310_pp73-manylinux2014_x86_64', 'pypy'],
    ['pp39-pypy39_pp73-manylinux2014_x86_64', ''],
    ['cp37-cp37m-manylinux1_x86_64', 'py37'],
    ['cp27-cp27mu-manylinux1_x86_64', 'py27'],
    ['cp27-cp27m-macosx_10_9_x86_64', 'py27mac'],
    // Compiled for an ABI and for no platform in particular: nowhere, unless it is also a pure one.
    ['cp313-cp313-any', ''],
    ['cp39-abi3-any', ''],
    ['cp313-cp313.none-any', 'linux arm intelMac mac'],
    // Older than any C library that tags were made for, or not written as numbers are.
    ['py3-none-manylinux_2_5_x86_64', 'linux pypy py37'],
    ['py3-none-manylinux_2_4_x86_64', ''],
    ['py3-none-manylinux_2_16_aarch64', ''],
    ['py3-none-manylinux_2_017_x86_64', ''],
    ['py3-none-manylinux2014_i686', ''],
    // Tags of macOS name years: 10.4 to 10.16, then 11.0, 12.0 and so on.
    ['py3-none-macosx_10_3_x86_64', ''],
    ['py3-none-macosx_10_4_intel', 'intelMac'],
    ['py3-none-macosx_10_16_universal2', 'intelMac mac'],
    ['py3-none-macosx_10_17_x86_64', ''],
    ['py3-none-macosx_10_9_arm64', ''],
    ['py3-none-macosx_11_0_universal', 'intelMac'],
    ['py3-none-macosx_12_0_x86_64', 'intelMac'],
    ['py3-none-macosx_12_3_x86_64', ''],
    ['py3-none-macosx_11_1_arm64', ''],
  ])('%s fits %s', (tags, expected) => {
    const fitting = Object.entries(TARGETS).filter(([, target]) => wheelFits(wheel(tags), target));
    expect(fitting.map(([name]) => name).join(' ')).toBe(expected);
  });

  it('are preferred from the most special wheel to the most general', () => {
    const best = [
      'cp313-cp313-manylinux2014_x86_64',
      'cp313-cp313-manylinux_2_28_x86_64',
      'cp313-abi3-manylinux2014_x86_64',
      'cp313-none-manylinux2014_x86_64',
      'cp312-abi3-manylinux2014_x86_64',
      'cp39-abi3-manylinux2014_x86_64',
      'py313-none-any',
      'py3-none-manylinux2014_x86_64',
      'py3-none-any',
      'py312-none-any',
    ];
    const ranked = best
      .toReversed()
      .sort((a, b) => (wheelRank(wheel(a), TARGETS.linux) ?? 0) - (wheelRank(wheel(b), TARGETS.linux) ?? 0));
    expect(ranked).toEqual(best);
  });

  it('are those for the newest C library that the platform has, where that is known', () => {
    const old: TagTarget = { ...TARGETS.linux, glibc: 26 };
    const fitting = ['cp313-cp313-manylinux2014_x86_64', 'cp313-cp313-manylinux_2_24_x86_64'];
    const [older, newer] = fitting.map((tags) => wheelRank(wheel(tags), old) ?? Number.NaN);
    expect(newer).toBeLessThan(older ?? 0);
    expect(wheelFits(wheel('cp313-cp313-manylinux_2_28_x86_64'), old)).toBe(false);
    expect(wheelFits(wheel('cp313-cp313-manylinux_2_28_x86_64.manylinux2014_x86_64'), old)).toBe(true);
    expect(wheelFits(wheel('cp313-cp313-linux_x86_64'), old)).toBe(true);
  });

  it('gives no rank to a wheel that does not fit', () => {
    expect(wheelRank(wheel('cp312-cp312-win32'), TARGETS.linux)).toBeNull();
  });
});
