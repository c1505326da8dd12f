import { describe, expect, it } from 'vitest';
import { formatRequirement, parseRequirement, tryParseRequirement } from '../../src/pep/requirement.ts';

describe('reading a requirement', () => {
  it('takes all its parts', () => {
    expect(
      parseRequirement(' Zope.Interface [Test_B, docs,test-b] >= 2.8.1 , == 2.8.* ; python_version < "2.7"'),
    ).toEqual({
      name: 'zope-interface',
      spelled: 'Zope.Interface',
      extras: ['docs', 'test-b'],
      specifier: [
        { operator: '>=', version: '2.8.1' },
        { operator: '==', version: '2.8.*' },
      ],
      marker: {
        kind: 'compare',
        left: { kind: 'variable', name: 'python_version' },
        operator: '<',
        right: { kind: 'literal', value: '2.7' },
      },
      url: null,
    });
  });

  it('takes a URL, which ends at the next blank', () => {
    const requirement = parseRequirement('pip @ https://h.test/pip.zip;x#sha1=da9234ee ; os_name == "posix"');
    expect(requirement).toMatchObject({ name: 'pip', url: 'https://h.test/pip.zip;x#sha1=da9234ee', specifier: [] });
    expect(requirement.marker).not.toBeNull();
  });

  it.each([
    ['requests', 'requests'],
    [
      'Requests [security,tests] >= 2.8.1 , == 2.8.*;python_version<"2.7"',
      'Requests[security,tests]==2.8.*,>=2.8.1; python_version < "2.7"',
    ],
    ['name (>=3,<2)', 'name<2,>=3'],
    ['name ( )', 'name'],
    ['name[]', 'name'],
    ['name>=1,', 'name>=1'],
    ['name===x.y', 'name===x.y'],
    ['name@ https://h.test/x', 'name @ https://h.test/x'],
    ['a @ file:///x/y.whl ;os_name=="posix"', 'a @ file:///x/y.whl ; os_name == "posix"'],
    ['a;(extra=="x")', 'a; extra == "x"'],
  ])('%s is written %s', (text, expected) => {
    const requirement = parseRequirement(text);
    expect(formatRequirement(requirement)).toBe(expected);
    expect(parseRequirement(expected)).toEqual({ ...requirement, specifier: parseRequirement(expected).specifier });
  });

  it.each([
    '',
    '-name',
    'name-',
    'na me',
    'nåme',
    'name[a',
    'name[a b]',
    'name[a,]',
    'name>=',
    'name>=1.',
    'name>=1 <2',
    'name=1.0',
    'name (>=1',
    'name>1.*',
    'name<1+local',
    'name @',
    'name @ https://h.test/x y',
    'name; python_version',
    'name>=1 # comment',
    'name\n',
    '../etc/passwd',
  ])('%j is none', (text) => {
    expect(tryParseRequirement(text)).toBeNull();
  });
});

describe('what is wrong with a requirement', () => {
  it.each([
    ['name>=', 'expected a version after >=', '    ~~^'],
    ['name=1.0', 'there is no operator =', '    ~^'],
    ['name~=1', 'expected a version of two numbers or more after ~=', '    ~~^'],
    ['na me', 'expected a version specifier, a semicolon or the end', '   ^'],
    ['name>1.*', '".*" goes with "==" and "!=" only', '    ~~~^'],
    ['name==1.0a1.*', '".*" cannot follow a pre-release, post-release, development or local version', '    ~~~~~~~~^'],
    ['name>1+local', 'a local version goes with "==" and "!=" only', '    ~~^'],
    ['name[a', 'no "]" for this "["', '    ~~^'],
    ['name; os_name', 'expected an operator: <, <=, ==, !=, >=, >, ~=, ===, in or "not in"', '             ^'],
    ['name @ ', 'expected a URL after "@"', '       ^'],
  ])('%j: %s', (text, message, under) => {
    expect(() => parseRequirement(text)).toThrow(
      expect.objectContaining({
        code: 'E_INVALID_REQUIREMENT',
        exit: 65,
        message: `not a requirement: ${message}\n    ${text}\n    ${under}`,
      }),
    );
  });
});
