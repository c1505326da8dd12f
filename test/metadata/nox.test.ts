import { describe, expect, it } from 'vitest';
import { readNox } from '../../src/metadata/nox.ts';

/** A noxfile.py with these lines at the top and in its session, which runs pytest. */
function noxfile({ top = '', session }: { readonly top?: string; readonly session: readonly string[] }): string {
  const lines = [...session, 'session.run("pytest")'].map((line) => `    ${line}\n`).join('');
  return `import nox\n${top}\n@nox.session\ndef tests(session):\n${lines}`;
}

function read(text: string, others: Readonly<Record<string, string>> = {}) {
  const files = new Map(Object.entries({ 'noxfile.py': text, ...others }));
  const groups = { test: ['pytest', 'mock'], more: ['attrs'] };
  const { deps, unknowns } = readNox({ text: (path) => files.get(path) ?? null }, groups);
  return { deps: deps.kind === 'known' ? deps.value : deps.kind, unknown: unknowns.map(({ why }) => why) };
}

describe('what the sessions of a noxfile install', () => {
  it.each<[string, { top?: string; session: string[] }, string[]]>([
    ['texts', { session: ['session.install("a>=1", "b", silent=False)'] }, ['a>=1', 'b']],
    ['texts in pieces', { session: ['session.install("a"', '    ">=1")'] }, ['a>=1']],
    ['a text with a name', { top: 'TOOL = "a"', session: ['session.install(TOOL)'] }, ['a']],
    ['formatted texts with known names', { top: 'V = "1.2"', session: ['session.install(f"a=={V}")'] }, ['a==1.2']],
    ['lists of the session itself', { session: ['wanted = ["a", "b"]', 'session.install(*wanted)'] }, ['a', 'b']],
    [
      'dependency groups',
      { session: ['session.install(*nox.project.dependency_groups(PYPROJECT, "test", "more"))'] },
      ['pytest', 'mock', 'attrs'],
    ],
    [
      'a list with dependency groups in it',
      { top: 'DEPS = ["a", *dependency_groups(x, "more")]', session: ['session.install(*DEPS)'] },
      ['a', 'attrs'],
    ],
    [
      'groups by an option of pip',
      { session: ['session.install("--group", "more", "--group=test")'] },
      ['attrs', 'pytest', 'mock'],
    ],
    ['what pip is run for', { session: ['session.run("python", "-m", "pip", "install", "a", external=True)'] }, ['a']],
    ['what users give on the command line', { session: ['session.install("a", *session.posargs)'] }, ['a']],
    [
      'what a function of the file installs',
      { top: 'def prepare(session, more):\n    session.install("a")', session: ['prepare(session, 1)'] },
      ['a'],
    ],
    [
      'no values of options',
      { session: ['session.install("-c", "limits.txt", "--find-links", "x", "-e", ".[y]", "a")'] },
      ['a'],
    ],
    ['the project of an address', { session: ['session.install("git+https://a.test/b#egg=a")'] }, ['a']],
  ])('are %s', (_, parts, deps) => {
    expect(read(noxfile(parts))).toEqual({ deps, unknown: [] });
  });

  it('are those of files that are included', () => {
    const text = noxfile({ session: ['session.install("-r", "tests/needs.txt")'] });
    expect(read(text, { 'tests/needs.txt': 'a\nb>=1\n' })).toEqual({ deps: ['a', 'b>=1'], unknown: [] });
  });

  it.each<[string, string[], string[], string[]]>([
    [
      'a version that is made up',
      ['session.install(f"django~={version}.0")'],
      ['django'],
      ['installs f"django~={version}.0"'],
    ],
    [
      'a version that is formatted',
      ['session.install("a==%s" % session.python)'],
      ['a'],
      ['installs "a==%s" % session.python'],
    ],
    ['a call', ['session.install(*find())'], [], ['installs find()']],
    ['a name that nothing gives', ['session.install("a", wanted)'], ['a'], ['installs wanted']],
    ['a list that is changed', ['l = ["a"]', 'l += ["b"]', 'session.install(*l)'], [], ['installs l']],
    [
      'a group that is not there',
      ['session.install("--group", "none")'],
      [],
      ['installs the group none, which is not there'],
    ],
    ['a file that is not there', ['session.install("-r", "no.txt")'], [], ['includes no.txt, which is not there']],
    ['packages of conda', ['session.conda_install("a")'], [], ['installs with conda: a']],
    ['an address', ['session.install("git+https://a.test/b")'], [], ['this is no requirement: git+https://a.test/b']],
  ])('are told as unknown: %s', (_, session, deps, unknown) => {
    expect(read(noxfile({ session }))).toEqual({ deps, unknown });
  });

  it('are not those of sessions that do something else', () => {
    const text = 'import nox\n@nox.session\ndef lint(session):\n    session.install(x)\n    session.run("pytest")\n';
    expect(read(text)).toEqual({ deps: 'absent', unknown: [] });
  });

  it('come to an end where functions call each other', () => {
    const top = 'def a(session):\n    b(session)\ndef b(session):\n    session.install("x")\n    a(session)';
    expect(read(noxfile({ top, session: ['a(session)'] }))).toEqual({ deps: ['x'], unknown: [] });
  });
});
