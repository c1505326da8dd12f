import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MatchRequest, matchPattern } from '../../src/metadata/python/regular-expression.ts';
import { readScript } from './support/setup.ts';

function groupsOf(pattern: string, text: string, request: Partial<MatchRequest> = {}) {
  const match = matchPattern(pattern, text, { how: 'search', flags: 0, ...request });
  return match === null || match === undefined ? match : match.groups;
}

describe('a regular expression', () => {
  it.each([
    ['^__version__ = "(.+)"$', '__version__ = "1.2"', ['__version__ = "1.2"', '1.2']],
    [`__version__\\s*=\\s*['"]([^'"]*)['"]`, "x\n__version__='3'\n", ["__version__='3'", '3']],
    ['(\\d+)\\.(\\d+)', 'v10.2', ['10.2', '10', '2']],
    ['(a)|(b)', 'b', ['b', null, 'b']],
    ['(?:ab)+?c', 'ababc', ['ababc']],
    ['(?P<x>\\w{2,3})', 'abcd', ['abc', 'abc']],
    ['[^]a]', ']b', ['b']],
    ['a{2}b?', 'aaab', ['aa']],
    ['\\bcd\\b', 'ab cd', ['cd']],
    ['x*', 'y', ['']],
    ['nothing', 'else', null],
  ])('%s finds in %j what Python finds', (pattern, text, groups) => {
    expect(groupsOf(pattern, text)).toEqual(groups);
  });

  it('looks at the beginning, at the whole text and at each line as it is asked to', () => {
    expect(groupsOf('b', 'ab', { how: 'match' })).toBeNull();
    expect(groupsOf('a', 'ab', { how: 'fullmatch' })).toBeNull();
    expect(groupsOf('^b$', 'a\nb\nc')).toBeNull();
    expect(groupsOf('^B$', 'a\nb\nc', { flags: 8 | 2 })).toEqual(['b']);
  });

  it.each(['(?=a)', '(a)\\1', '(?i)a', '(?<!a)b', 'a++', '(a', 'a)', '[a', '*a', '\\pL'])(
    '%s is more than is understood, which is told',
    (pattern) => {
      expect(groupsOf(pattern, 'a')).toBeUndefined();
    },
  );

  it.each(['(a+)+$', '(a|a)*$', '(a*)*$', '(.*)(.*)(.*)(.*)(.*)x$'])('%s comes to an end', (pattern) => {
    expect(groupsOf(pattern, `${'a'.repeat(5000)}!`)).toBeUndefined();
  });

  it('finds what the engine of JavaScript finds', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(?:ab)', '\\w', '^', '$');
    const sign = fc.constantFrom('', '*', '+', '?', '*?', '{1,2}');
    const part = fc.tuple(atom, sign).map(([a, s]) => (a === '^' || a === '$' ? a : a + s));
    const pattern = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (one, other) => {
        expect(groupsOf(one, other)?.[0]).toEqual(new RegExp(one, 'u').exec(other)?.[0]);
      }),
    );
  });
});

describe('setup.py with regular expressions', () => {
  const INIT = '"""It does it."""\n__version__ = "1.2"\n__url__ = "https://it.test"\n';

  it('is read where it looks for a literal pattern in a file of the sdist', () => {
    const script = `import re
text = open("it/__init__.py").read()
setup(url=re.search(r'^__url__ = "(.*)"', text, re.M).group(1), install_requires=["a==" + re.findall(r'"([\\d.]+)"', text)[0]])
`;
    const { facts } = readScript(`from setuptools import setup\n${script}`, { 'it/__init__.py': INIT });
    expect(facts.url).toMatchObject({ kind: 'known', value: 'https://it.test' });
    expect(facts.installRequires).toMatchObject({ value: ['a==1.2'] });
  });

  it('is read where it goes through the lines with a dictionary of patterns', () => {
    const script = `import re
from setuptools import setup
re_meta = re.compile(r'__(\\w+?)__\\s*=\\s*(.*)')
re_doc = re.compile(r'^"""(.+?)"""')
def add_default(m):
    name, value = m.groups()
    return ((name, value.strip("\\"'")),)
def add_doc(m):
    return (('doc', m.groups()[0]),)
meta = {}
for line in open("it/__init__.py"):
    for pattern, handler in {re_meta: add_default, re_doc: add_doc}.items():
        m = pattern.match(line.strip())
        if m:
            meta.update(handler(m))
setup(description=meta["doc"], url=meta["url"])
`;
    const { facts } = readScript(script, { 'it/__init__.py': INIT });
    expect(facts.description).toMatchObject({ value: 'It does it.' });
    expect(facts.url).toMatchObject({ value: 'https://it.test' });
  });

  it('chooses by platform', () => {
    const script = `import re, sys
from setuptools import setup
setup(install_requires=["a"] if re.match("^(linux|darwin)", sys.platform) else ["b"])
`;
    expect(readScript(script).facts.installRequires).toMatchObject({
      value: [
        'a; sys_platform == "linux" or sys_platform == "linux2" or sys_platform == "darwin"',
        expect.stringMatching(/^b; /u),
      ],
    });
  });

  it('has unknown values where the pattern is not followed', () => {
    const script = 'import re\nfrom setuptools import setup\nsetup(url=re.search("(?=a)a", "a").group(0))\n';
    expect(readScript(script).facts.url).toMatchObject({
      kind: 'unknown',
      why: 'depends on a regular expression that is not followed',
    });
  });
});
