import type { PytestConfiguration } from './test-configuration.ts';

/** Whether pytest looks for tests in a file of this name. */
export function isCollectedByPytest(path: string, configuration: PytestConfiguration | null): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'conftest.py') return false;
  return (configuration?.pythonFiles ?? PYTEST_FILES).some((pattern) =>
    // A pattern with a folder is compared with the end of the path.
    pattern.includes('/') ? matches(pattern.split('/').at(-1) ?? '', name) : matches(pattern, name),
  );
}

const PYTEST_FILES = ['test_*.py', '*_test.py'];

/**
 * Whether `python -m unittest discover` at the root of the sdist finds a test file: its name is `test*.py`, and each folder above it is a package. Where it finds
 * nothing, Python 3.12 and later fail.
 */
export function isDiscoveredByUnittest(path: string, isFile: (path: string) => boolean): boolean {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  if (!/^test.*\.py$/u.test(name)) return false;
  return folders.every((_, index) => isFile(`${folders.slice(0, index + 1).join('/')}/__init__.py`));
}

/**
 * Whether a name matches a pattern of `*` and `?`. By hand, in steps that their lengths bound: patterns come from the sdist.
 * pattern = ("*" | "?" | character)*
 */
function matches(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let retry = 0;
  let i = 0;
  while (i < name.length) {
    if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[i]) && pattern[at] !== '*') {
      at++;
      i++;
    } else if (pattern[at] === '*') {
      star = at++;
      retry = i;
    } else if (star >= 0) {
      at = star + 1;
      i = ++retry;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
