import { describe, expect, it } from 'vitest';
import type { ReadRelease } from '../../src/classify/classify.ts';
import { withAdmittedWheels } from '../../src/cli/closure/admitted-wheels.ts';
import { parseCoreMetadata } from '../../src/pep/core-metadata.ts';

const FILES = ['1', '2', '3'].map((digit) => ({
  python: '3.13',
  system: 'x86_64-linux',
  filename: `press-1.0-cp31${digit}-cp31${digit}-manylinux_2_17_x86_64.whl`,
  sha256: digit.repeat(64),
  url: `https://files.test/${digit}.whl`,
}));
const [FIRST] = FILES;

function release(): ReadRelease {
  if (FIRST === undefined) throw new Error('there are files');
  const { filename, sha256, url } = FIRST;
  const coreMetadata = parseCoreMetadata('Metadata-Version: 2.2\nName: press\nVersion: 1.0\n');
  return {
    name: 'press',
    version: '1.0',
    source: { kind: 'wheel', filename, sha256, url, wheels: FILES },
    facts: { kind: 'wheel', wheel: { coreMetadata, modules: [], consoleScripts: [] } },
    requirements: [],
    requirementsFrom: { text: 'declared nowhere' },
    requiresPython: null,
    notes: [],
  };
}

describe('the wheels for other targets', () => {
  it('stay where no digests are given', () => {
    expect(withAdmittedWheels(release(), { locked: null, hashes: new Map() })).toEqual(release());
  });

  it('are left out with a note where the digests of the requirements do not admit them', () => {
    const hashes = new Map([['press', new Set(['1'.repeat(64), '3'.repeat(64)])]]);
    const { source, notes } = withAdmittedWheels(release(), { locked: null, hashes });
    expect(source.kind === 'wheel' ? source.wheels?.map(({ filename }) => filename) : null).toEqual([
      FILES[0]?.filename,
      FILES[2]?.filename,
    ]);
    expect(notes).toEqual([
      { kind: 'omitted', text: '1 wheel for other targets left out: no digest of them is given', project: 'press' },
    ]);
  });
});
