import { lineFinder } from './line-starts.ts';

/** What the text of a test file says of fixtures of pytest. */
export interface FixtureUse {
  /** Parameters of its tests and fixtures, and what `usefixtures` names, each with its first line. */
  readonly asked: readonly { readonly name: string; readonly line: number }[];
  /** Names of all that it defines as functions, and of fixtures that have another name. */
  readonly defined: readonly string[];
}

/**
 * The fixtures that the tests of a file ask for by the names of their parameters. Left out are parameters with a default, those that `parametrize` gives, all of a function whose decorators
 * give it arguments by their order or in ways of their own (`patch`, `given`), and methods where classes are made of TestCase.
 * function = {decorator} ["async"] "def" name "(" parameters ")"
 */
export function fixtureUse(text: string, { hasTestCase }: { readonly hasTestCase: boolean }): FixtureUse {
  const asked = new Map<string, number>();
  const lineAt = lineFinder(text);
  const defined = new Set([...text.matchAll(NAMED_FIXTURE)].map(([, name = '']) => name));
  const ask = (name: string, at: number): void => {
    if (!asked.has(name)) asked.set(name, lineAt(at));
  };
  for (const match of text.matchAll(DEFINITION)) {
    const [, indentation = '', name = '', parameters = ''] = match;
    defined.add(name);
    const decorators = decoratorsAbove(text, match.index);
    const isAsking = name.startsWith('test') || /\bfixture\b/u.test(decorators);
    if (!isAsking || (hasTestCase && indentation !== '') || GIVES_ARGUMENTS.test(decorators)) continue;
    const given = /\bparametrize\b/u.test(decorators) ? quotedNames(decorators) : new Set<string>();
    for (const parameter of parameters.split(',')) {
      const fixture = /^\s*(\w{1,60})\s*(?::[^=]*)?$/u.exec(parameter)?.[1];
      if (fixture !== undefined && !given.has(fixture) && !OF_PYTEST.has(fixture)) ask(fixture, match.index);
    }
  }
  for (const { 1: names = '', index } of text.matchAll(USED))
    for (const [, name = ''] of names.matchAll(/["'](\w{1,60})["']/gu)) ask(name, index);
  return { asked: [...asked].map(([name, line]) => ({ name, line })), defined: [...defined] };
}

const DEFINITION = /^([ \t]{0,16})(?:async[ \t]{1,4})?def[ \t]{1,4}(\w{1,100})[ \t]{0,4}\(([^()]{0,1000})/gmu;
const NAMED_FIXTURE = /\bfixture\([^()]{0,200}\bname\s{0,4}=\s{0,4}["'](\w{1,60})["']/gu;
const USED = /\busefixtures\(([^()]{0,300})\)/gu;
const GIVES_ARGUMENTS = /patch|Mocker|\bgiven\b/u;

/** What every test can ask for, and what methods have. */
const OF_PYTEST: ReadonlySet<string> = new Set([
  ...['self', 'cls', 'cache', 'capfd', 'capfdbinary', 'caplog', 'capsys', 'capsysbinary', 'doctest_namespace'],
  ...['monkeypatch', 'pytestconfig', 'pytester', 'record_property', 'record_testsuite_property', 'recwarn', 'request'],
  ...['subtests', 'testdir', 'tmp_path', 'tmp_path_factory', 'tmpdir', 'tmpdir_factory'],
]);

const MOST_ABOVE = 1500;

/** The lines between a definition and the last empty line, or the last line of a body, before it. */
function decoratorsAbove(text: string, at: number): string {
  const above = text.slice(Math.max(0, at - MOST_ABOVE), at);
  const start = Math.max(above.lastIndexOf('\n\n'), 0);
  const block = above.slice(start);
  const first = block.search(/^[ \t]{0,16}@/mu);
  return first < 0 ? '' : block.slice(first);
}

function quotedNames(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/["']([\w, ]{1,200})["']/gu)].flatMap(([, names = '']) => names.split(/[, ]+/u)));
}
