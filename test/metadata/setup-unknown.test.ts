import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { installRequires, readScript } from './support/setup.ts';

const SETUP = 'from setuptools import setup\n';

describe('what cannot be followed', () => {
  it.each([
    [
      'a call of a library',
      `from lib import reqs\nsetup(install_requires=reqs())`,
      'unknown at setup.py:3: comes from lib.reqs()',
    ],
    [
      'a file that is not there',
      `setup(install_requires=open('reqs.txt').read().split())`,
      'unknown at setup.py:2: opens reqs.txt, which the sdist does not have',
    ],
    [
      'a third-party import',
      `r = ['b']\ntry:\n    import numpy\nexcept ImportError:\n    r.append('numpy')\nsetup(install_requires=r)`,
      'unknown at setup.py:4: it depends on whether numpy can be imported',
    ],
    [
      'an argument that a library may change',
      `from lib import fix\nr = ['a']\nfix(r)\nsetup(install_requires=r)`,
      'unknown at setup.py:4: calls lib.fix',
    ],
    [
      'keywords that a library may change',
      `from lib import fix\nkw = {'install_requires': ['a']}\nfix(kw)\nsetup(**kw)`,
      'unknown at setup.py:4: calls lib.fix',
    ],
    ['keywords from a library', `from lib import kw\nsetup(**kw)`, 'unknown at setup.py:3: spreads lib.kw'],
    [
      'an endless loop',
      `r = []\nwhile True:\n    r = r + ['a']\nsetup(install_requires=r)`,
      'unknown at setup.py:3: is changed in a loop whose end is not known',
    ],
    [
      'an endless recursion',
      `def f(n):\n    return f(n + 1)\nsetup(install_requires=f(0))`,
      'unknown at setup.py:3: calls itself too deeply',
    ],
    [
      'something that is no Python',
      `setup(install_requires=['a', ?])`,
      'unknown at setup.py:2: something that is no Python',
    ],
  ])('is unknown with file, line and reason: %s', (_, script, expected) => {
    expect(installRequires(SETUP + script)).toBe(expected);
  });

  it('says so for every keyword when setup() is not called', () => {
    const { facts } = readScript(`print('nothing here')\n`);
    expect(facts.installRequires).toEqual({
      kind: 'unknown',
      place: { file: 'setup.py' },
      why: 'no call of setup() is reached',
    });
    expect(facts.license.kind).toBe('unknown');
  });

  it('stops a program that doubles a text for ever', () => {
    const script = `${SETUP}s = 'a'\nfor i in range(100):\n    s = s + s\nsetup(install_requires=[s])`;
    expect(installRequires(script)).toMatch(/grows too long/u);
  });

  it.each([
    ['a list that holds itself', `r = []\nr.append(r)\nsetup(install_requires=r)`],
    ['a dictionary that holds itself', `d = {}\nd['a'] = d\nsetup(extras_require=d, install_requires=d)`],
    ['lists that double', `r = ['a']\nfor i in range(10000):\n    r = r + r\nsetup(install_requires=r + [r])`],
    ['tuples in tuples', `t = ('a',)\nfor i in range(9000):\n    t = (t,)\nsetup(install_requires=t)`],
    ['expressions in expressions', `setup(install_requires=${'['.repeat(2000)}'a'${']'.repeat(2000)})`],
    ['a call of setup() in a loop', `for i in range(10000):\n    setup(install_requires=[i])\n`],
    [
      'branches in a loop',
      `import x\nr = []\nfor i in range(10000):\n    if x.y(i):\n        r.append(str(i))\n    else:\n        r.append('b')\nsetup(install_requires=r)`,
    ],
    ['a module that imports itself', `import helper\nsetup(install_requires=helper.reqs)`],
  ])('ends soon and knows nothing of %s', (_, script) => {
    const others = { 'helper.py': 'import helper\nreqs = helper.reqs\n' };
    expect(installRequires(SETUP + script, others)).toMatch(/^unknown/u);
  });

  it('reads nothing outside of the sdist', () => {
    const script = `${SETUP}setup(install_requires=open('/etc/passwd').read().split() + open('../../x').read().split())`;
    expect(installRequires(script)).toMatch(/^unknown/u);
  });

  it('never throws, whatever the text', () => {
    const token = fc.constantFrom(
      ...[
        'setup(',
        ')',
        '[',
        ']',
        '{',
        '}',
        'if ',
        'for x in ',
        ':\n  ',
        '\n',
        '=',
        '"a"',
        'x',
        '.append(',
        'lambda: ',
        'try:\n  ',
        'except:\n  ',
        '**',
        'def f(x):\n  ',
        'return ',
        'import x',
        ',',
        ' in ',
        '%',
        'f"{x}"',
        'while x:\n ',
        '__proto__',
      ],
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 40 }), (tokens) => {
        readScript(SETUP + tokens.join(''));
      }),
      { numRuns: 300 },
    );
  });
});
