import { describe, expect, it } from 'vitest';
import { excludedPyPy, withoutPyPyWheel } from '../../src/classify/interpreters.ts';
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

describe('withoutPyPyWheel', () => {
  const wheel = (filename: string) => ({ kind: 'wheel', filename, sha256: '', url: '' }) as const;

  it.each([
    'press-1.0-cp27-cp27mu-manylinux1_x86_64.whl',
    'press-1.0-cp35-abi3-manylinux1_x86_64.whl',
    'press-1.0-cp27-none-linux_x86_64.whl',
  ])('disables on PyPy what is only there as %s, and says why', (filename) => {
    expect(withoutPyPyWheel(wheel(filename), WITH_PYPY)).toEqual({
      facts: { disabledOnPyPy: true },
      notes: [{ kind: 'omitted', text: 'is disabled on PyPy, since its wheels are compiled for CPython' }],
    });
    expect(withoutPyPyWheel(wheel(filename), WITHOUT)).toEqual({ facts: {}, notes: [] });
  });

  it.each([
    'press-1.0-py2.py3-none-any.whl',
    'press-1.0-py2-none-manylinux1_x86_64.whl',
    'press-1.0-pp27-pypy_73-manylinux1_x86_64.whl',
  ])('leaves %s to PyPy', (filename) => {
    expect(withoutPyPyWheel(wheel(filename), WITH_PYPY)).toEqual({ facts: {}, notes: [] });
  });
});
