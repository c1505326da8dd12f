import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { parseMarker } from '../../src/pep/marker.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import { parseSpecifierSet } from '../../src/pep/specifier.ts';
import { parseVersion } from '../../src/pep/version.ts';

/** The message without its first words (`not a version: `) and without the indentation of the text below. */
function messageOf(parse: (text: string) => unknown, text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [first = '', ...shown] = error.message.split('\n');
    return [first.replace(/^not an? [a-z ]+: /u, ''), ...shown.map((line) => line.slice(4))];
  }
  return [];
}

describe('what is wrong with a version', () => {
  const end = 'expected the end, or a suffix such as rc1, .post1, .dev1 or +local';

  it.each([
    ['french', 'expected a number', '^'],
    ['', 'expected a number', '^'],
    ['v', 'expected a number', '^'],
    ['1.0.', end, '   ^'],
    [' 1..2', end, '  ^'],
    ['2004d', end, '    ^'],
    ['1.0+', end, '   ^'],
    ['1.0+a..b', end, '     ^'],
    ['1.0.post1.post2', end, '         ^'],
    ['1.0 beta', end, '   ^'],
  ])('is told with its place: %j', (text, message, caret) => {
    expect(messageOf(parseVersion, text)).toEqual([message, text, caret]);
  });
});

describe('what is wrong with a specifier', () => {
  it.each([
    ['1.0', 'expected an operator such as >= before the version', '^'],
    ['>=1.0, 1.2', 'expected an operator such as >= before the version', '       ^'],
    ['>=1.0, =<2', 'there is no operator =<', '       ~~^'],
    ['>=1, <', 'expected a version after <', '     ~^'],
    ['>= v', 'expected a version after >=', '~~^'],
    ['~=1', 'expected a version of two numbers or more after ~=', '~~^'],
    ['=== a b', '=== wants one word', '~~~~~~~^'],
    ['>1.*', '".*" goes with "==" and "!=" only', '  ~~^'],
    ['==1rc1.*', '".*" cannot follow a pre-release, post-release, development or local version', '      ~~^'],
    ['>=1+local', 'a local version goes with "==" and "!=" only', '   ~~~~~~^'],
    ['>=1.0.', 'expected a comma, the end, or a suffix such as rc1 or .post1', '     ^'],
    ['>=1.0 <2', 'expected a comma, the end, or a suffix such as rc1 or .post1', '     ^'],
    ['==1.0+', 'expected a comma, the end, .* or a suffix such as rc1, .post1 or +local', '     ^'],
  ])('is told with its place: %j', (text, message, caret) => {
    expect(messageOf(parseSpecifierSet, text)).toEqual([message, text, caret]);
  });
});

describe('what is wrong with a marker', () => {
  it.each([
    ['', 'expected a variable or a quoted text', '^'],
    ['pyton_version < "3"', 'there is no variable pyton_version', '~~~~~~~~~~~~~^'],
    ['os_name', 'expected an operator: <, <=, ==, !=, >=, >, ~=, ===, in or "not in"', '       ^'],
    ['os_name = "nt"', 'expected an operator: <, <=, ==, !=, >=, >, ~=, ===, in or "not in"', '        ^'],
    ['os_name not "nt"', 'expected "in" after "not"', '            ^'],
    ['os_name == nt', 'there is no variable nt', '           ~~^'],
    ['os_name == "nt', 'expected a variable or a quoted text', '           ^'],
    ["os_name == 'a\\x4'", 'this quoted text has a line break or a broken escape', '           ~~~~~~^'],
    ['os_name == "nt" os_name', 'expected "and", "or" or the end', '                ^'],
    ['os_name == "nt" and', 'expected a variable or a quoted text', '                   ^'],
    ['(os_name == "nt"', 'no ")" for this "("', '~~~~~~~~~~~~~~~~^'],
  ])('is told with its place: %j', (text, message, caret) => {
    expect(messageOf(parseMarker, text)).toEqual([message, text, caret]);
  });
});

describe('what is wrong with a requirement', () => {
  it.each([
    ['', 'expected the name of a project', '^'],
    ['-name', 'expected the name of a project', '^'],
    ['na me', 'expected a version specifier, a semicolon or the end', '   ^'],
    ['name[a', 'no "]" for this "["', '    ~~^'],
    ['name[a b]', 'expected a comma between extras', '       ^'],
    ['name[a,]', 'expected an extra after the comma', '       ^'],
    ['name (>=1', 'no ")" for this "("', '     ~~~~^'],
    ['name>=', 'expected a version after >=', '    ~~^'],
    ['name=1.0', 'there is no operator =', '    ~^'],
    ['name>=1.0 2', 'expected a comma, a semicolon or the end', '          ^'],
    ['name @ https://h.test/x;os_name', null, null],
    ['name @ https://h.test/x os_name', 'expected a semicolon or the end', '                        ^'],
    ['name; os_name == "nt" "x"', 'expected "and", "or" or the end', '                      ^'],
  ])('is told with its place: %j', (text, message, caret) => {
    expect(messageOf(parseRequirement, text)).toEqual(message === null ? [] : [message, text, caret]);
  });
});
