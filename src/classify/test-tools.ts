/**
 * Tools that projects list beside their tests and that running the tests does not need: linters, formatters, type checkers, coverage,
 * release and documentation tools. nixpkgs leaves them out of check inputs.
 */
const NOT_NEEDED_TO_TEST: ReadonlySet<string> = new Set([
  'add-trailing-comma',
  'autoflake',
  'autopep8',
  'bandit',
  'basedpyright',
  'bindep',
  'black',
  'blacken-docs',
  'build',
  'bump2version',
  'bumpversion',
  'check-manifest',
  'codecov',
  'codespell',
  'commitizen',
  'coverage',
  'covdefaults',
  'coverage-badge',
  'coverage-enable-subprocess',
  'coveralls',
  'cruft',
  'darglint',
  'diff-cover',
  'docformatter',
  'doc8',
  'furo',
  'hatch',
  'interrogate',
  'icecream',
  'invoke',
  'ipdb',
  'ipython',
  'isort',
  'linkchecker',
  'mkdocs',
  'mkdocs-material',
  'mypy',
  'myst-parser',
  'nox',
  'pdbpp',
  'pdm',
  'pep8',
  'pep8-naming',
  'pip-audit',
  'pip-tools',
  'pre-commit',
  'prospector',
  'pudb',
  'pycodestyle',
  'pydocstyle',
  'pyflakes',
  'pylint',
  'pyright',
  'pyroma',
  'pyre-check',
  'pytest-black',
  'pytest-checkdocs',
  'pytest-clarity',
  'pytest-codspeed',
  'pytest-enabler',
  'pytest-flake8',
  'pytest-flakes',
  'pytest-github-actions-annotate-failures',
  'pytest-icdiff',
  'pytest-instafail',
  'pytest-isort',
  'pytest-mypy',
  'pytest-pep8',
  'pytest-pretty',
  'pytest-pycodestyle',
  'pytest-pylint',
  'pytest-ruff',
  'pytest-runner',
  'pytest-sugar',
  'pytest-watch',
  'pytest-watcher',
  'pyupgrade',
  'readme-renderer',
  'restructuredtext-lint',
  'rstcheck',
  'ruff',
  'safety',
  'semgrep',
  'sphinx',
  'sphinx-autobuild',
  'sphinx-lint',
  'sphinx-rtd-theme',
  'tox',
  'tox-gh-actions',
  'tox-uv',
  'towncrier',
  'twine',
  'ty',
  'unify',
  'uv',
  'validate-pyproject',
  'vulture',
  'yapf',
  'zest-releaser',
  'zimports',
]);

/** Whether running the tests needs the project (PEP 503 name), as far as its kind tells. Plugins of flake8 and mypy's stubs are not needed either. */
export function isNeededToTest(project: string): boolean {
  if (NOT_NEEDED_TO_TEST.has(project)) return false;
  return !/^(?:flake8(?:-|$)|types-|mypy-|pylint-|sphinxcontrib-|sphinx-)/u.test(project);
}

/**
 * Names of extras, dependency groups and tool groups that hold what the tests need. Of suffixes those count that say nothing (`test-deps`, `testing-extra`): another
 * one names a feature, whose tests are skipped without it, or work that is no test (`test-docs`).
 * name = ["unit"] ("test" | "tests" | "testing") [("-" | "_" | ".") suffix] | "check" | "pytest"
 */
export function isTestGroup(name: string): boolean {
  const match = /^(?:(?:unit[-_]?)?(?:tests?|testing)(?:[-_.](.{1,40}))?|check|pytest)$/u.exec(name.toLowerCase());
  return match !== null && (match[1] === undefined || PLAIN_SUFFIX.test(match[1]));
}

const PLAIN_SUFFIX =
  /^(?:deps|dependencies|req(?:s|uires|uirements)?|base|basic|core|common|min|minimal|utils|tools|extras?|all|full|more|other|optional|unit|suite|run|runner|env|pytest|ci|packages)$/u;

/** Whether a test group holds by its name what only more tests need: without it they are skipped. */
export function isOptionalTestGroup(name: string): boolean {
  return isTestGroup(name) && /[-_.](?:extras?|optional|more|other)$/iu.test(name);
}

/** Names of groups that developers install: tests' requirements may be among them, with much else. */
export function isDevelopmentGroup(name: string): boolean {
  return /^(?:dev|devel|develop|developers?|development|devenv|all[-_]?dev|lint|linting|linters?|code[-_]?style|rtd|readthedocs|docs?|documentation|typing|mypy|style|format|quality|release|ci|build|benchmarks?|benchmarking|coverage|cover|cov|nox|tox|pre[-_]commit|enabler|type|typecheck|type[-_]check|static|examples?|doc[-_]?tests?)$/u.test(
    name.toLowerCase(),
  );
}
