import { describe, expect, it } from 'vitest';
import { excludedPyPy } from '../../src/classify/interpreters.ts';
import { markerEnvironments } from '../../src/nixpkgs/targets.ts';
import { setupScript } from './support/facts.ts';

const WITH_PYPY = markerEnvironments(['2.7', '3.6'], ['x86_64-linux'], ['cpython', 'pypy']);
const WITHOUT = markerEnvironments(['3.12'], ['x86_64-linux']);

describe('excludedPyPy', () => {
  it('disables what cannot be built on PyPy where the targets have it, and says why', () => {
    const script = setupScript({ unreachedOnPyPy: { file: 'setup.py', line: 9 } });
    expect(excludedPyPy(script, WITH_PYPY)).toEqual({
      facts: { disabledOnPyPy: true },
      notes: [
        {
          kind: 'omitted',
          text: 'is disabled on PyPy, where setup.py ends before it calls setup()',
          file: 'setup.py',
          line: 9,
        },
      ],
    });
    expect(excludedPyPy(script, WITHOUT)).toEqual({ facts: {}, notes: [] });
  });

  it('disables nothing where setup.py says nothing of PyPy', () => {
    expect(excludedPyPy(setupScript({}), WITH_PYPY)).toEqual({ facts: {}, notes: [] });
    expect(excludedPyPy(null, WITH_PYPY)).toEqual({ facts: {}, notes: [] });
  });
});
