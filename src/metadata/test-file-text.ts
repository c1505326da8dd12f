/** What kinds of tests a file has. */
export interface TestKinds {
  /** Classes that are made of TestCase. */
  readonly hasTestCase: boolean;
  /** Functions `test...` outside of classes, or in classes `Test...` that are no TestCase. */
  readonly hasBareTest: boolean;
}

/**
 * Finds the definitions that test runners collect. By lines and not by syntax, because only their beginnings matter; that a text in quotes looks like one
 * does no harm, since this is evidence for the runner only.
 * line = ("class" name ["(" bases ")"] | ["async"] "def" name) ...
 */
export function testKinds(text: string): TestKinds {
  let hasTestCase = false;
  let hasBareTest = false;
  let inPlainTestClass = false;
  const usesPytest = text.includes('pytest');
  for (const match of text.matchAll(DEFINITION)) {
    const [, indentation = '', keyword, name = '', rest = ''] = match;
    const isTopLevel = indentation === '';
    if (keyword === 'class') {
      if (!isTopLevel) continue;
      const isTestCase = /Test/u.test(basesOf(rest));
      hasTestCase ||= isTestCase;
      inPlainTestClass = !isTestCase && name.startsWith('Test');
    } else if (name.startsWith('test') && !/^test_?suite$/u.test(name) && (isTopLevel || inPlainTestClass)) {
      // `test(verbose=False)` is how some packages run their tests themselves.
      if (name === 'test' && !/^\s*\(\s*\)/u.test(rest)) continue;
      hasBareTest ||= usesPytest || isDecorated(text, match.index) || takesNoMore(rest);
    }
    if (isTopLevel && keyword !== 'class') inPlainTestClass = false;
  }
  return { hasTestCase, hasBareTest };
}

const DEFINITION = /^([ \t]{0,8})(class|(?:async[ \t]+)?def)[ \t]+(\w+)(.{0,200})/gmu;

/** bases = "(" ... ")" at the beginning; a list that goes on in further lines is cut. */
function basesOf(rest: string): string {
  return /^\s*\(([^)]*)/u.exec(rest)?.[1] ?? '';
}

/** Decorators give tests their arguments. They end in the line before. */
function isDecorated(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', at - 2) + 1, at).trim();
  return line.startsWith('@') || line === ')';
}

/** Whether a runner can call the function: it takes nothing, or what pytest itself has for every test. */
function takesNoMore(rest: string): boolean {
  const parameters = /^\s*\(([^()]*)\)/u.exec(rest)?.[1];
  if (parameters === undefined) return false;
  return parameters.split(',').every((parameter) => {
    const name = /^\s*(\w*)/u.exec(parameter)?.[1] ?? '';
    return name === '' || /[*=]/u.test(parameter) || FIXTURES.has(name);
  });
}

/** Arguments that tests have without naming pytest. */
const FIXTURES: ReadonlySet<string> = new Set([
  ...['self', 'cls', 'capsys', 'capfd', 'caplog', 'doctest_namespace', 'monkeypatch', 'recwarn', 'request'],
  ...['subtests', 'tmp_path', 'tmp_path_factory', 'tmpdir', 'tmpdir_factory'],
]);
