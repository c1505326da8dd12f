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
  'invoke',
  'isort',
  'linkchecker',
  'mkdocs',
  'mkdocs-material',
  'mypy',
  'myst-parser',
  'nox',
  'pdm',
  'pep8',
  'pep8-naming',
  'pip-audit',
  'pip-tools',
  'pre-commit',
  'prospector',
  'pycodestyle',
  'pydocstyle',
  'pyflakes',
  'pylint',
  'pyright',
  'pyroma',
  'pyre-check',
  'pytest-black',
  'pytest-checkdocs',
  'pytest-codspeed',
  'pytest-enabler',
  'pytest-flake8',
  'pytest-flakes',
  'pytest-isort',
  'pytest-mypy',
  'pytest-pep8',
  'pytest-pycodestyle',
  'pytest-pylint',
  'pytest-ruff',
  'pytest-runner',
  'pytest-sugar',
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
]);

/** Whether running the tests needs the project (PEP 503 name), as far as its kind tells. Plugins of flake8 and mypy's stubs are not needed either. */
export function isNeededToTest(project: string): boolean {
  if (NOT_NEEDED_TO_TEST.has(project)) return false;
  return !/^(?:flake8(?:-|$)|types-|mypy-|pylint-|sphinxcontrib-|sphinx-)/u.test(project);
}

/** Names of extras, dependency groups and tool groups that hold what the tests need. */
export function isTestGroup(name: string): boolean {
  return /^(?:unit[-_]?)?(?:tests?|testing|check|pytest|test[-_](?:deps|dependencies|requirements|requires|base|core|minimal|utils))$/u.test(
    name.toLowerCase(),
  );
}

/** Names of groups that developers install: tests' requirements may be among them, with much else. */
export function isDevelopmentGroup(name: string): boolean {
  return /^(?:dev|develop|development|devel|all[-_]?dev|lint|linting|docs?|documentation|typing|mypy|style|format|quality|release|ci|build|benchmarks?|coverage|cover|cov|nox|tox|pre[-_]commit|enabler|type|typecheck|type[-_]check|static|devenv|examples?|doc[-_]?tests?)$/u.test(
    name.toLowerCase(),
  );
}
