/** Projects whose plugins bring options and marks of pytest, commands and options of setuptools, and plugins of hatchling. All PEP 503 names. */

/** Options of pytest by their beginning, the longest first. */
const OPTIONS_OF_PYTEST: readonly (readonly [string, string])[] = [
  ['--cov', 'pytest-cov'],
  ['--no-cov', 'pytest-cov'],
  ['--timeout', 'pytest-timeout'],
  ['--numprocesses', 'pytest-xdist'],
  ['--dist', 'pytest-xdist'],
  ['--maxprocesses', 'pytest-xdist'],
  ['-n', 'pytest-xdist'],
  ['--asyncio-', 'pytest-asyncio'],
  ['--benchmark-', 'pytest-benchmark'],
  ['--reruns', 'pytest-rerunfailures'],
  ['--random-order', 'pytest-random-order'],
  ['--forked', 'pytest-forked'],
  ['--doctest-plus', 'pytest-doctestplus'],
  ['--doctest-rst', 'pytest-doctestplus'],
  ['--remote-data', 'pytest-remotedata'],
  ['--ds', 'pytest-django'],
  ['--reuse-db', 'pytest-django'],
  ['--nomigrations', 'pytest-django'],
  ['--no-migrations', 'pytest-django'],
  ['--mypy', 'pytest-mypy'],
  ['--flake8', 'pytest-flake8'],
  ['--pylint', 'pytest-pylint'],
  ['--isort', 'pytest-isort'],
  ['--black', 'pytest-black'],
  ['--ruff', 'pytest-ruff'],
  ['--html', 'pytest-html'],
  ['--self-contained-html', 'pytest-html'],
  ['--disable-socket', 'pytest-socket'],
  ['--allow-hosts', 'pytest-socket'],
  ['--allow-unix-socket', 'pytest-socket'],
  ['--typeguard-packages', 'typeguard'],
  ['--hypothesis-', 'hypothesis'],
  ['--record-mode', 'pytest-recording'],
  ['--block-network', 'pytest-recording'],
  ['--mpl', 'pytest-mpl'],
  ['--arraydiff', 'pytest-arraydiff'],
  ['--nbval', 'nbval'],
  ['--count', 'pytest-repeat'],
  ['--randomly-', 'pytest-randomly'],
  ['--checkdocs', 'pytest-checkdocs'],
  ['--instafail', 'pytest-instafail'],
  ['--codspeed', 'pytest-codspeed'],
  ['--splits', 'pytest-split'],
];

const MARKS: Readonly<Record<string, string>> = {
  asyncio: 'pytest-asyncio',
  anyio: 'anyio',
  trio: 'pytest-trio',
  benchmark: 'pytest-benchmark',
  django_db: 'pytest-django',
  timeout: 'pytest-timeout',
  remote_data: 'pytest-remotedata',
  forked: 'pytest-forked',
  xdist_group: 'pytest-xdist',
  mpl_image_compare: 'pytest-mpl',
  order: 'pytest-order',
  dependency: 'pytest-dependency',
  freeze_time: 'pytest-freezer',
  repeat: 'pytest-repeat',
  httpx_mock: 'pytest-httpx',
  respx: 'respx',
  enable_socket: 'pytest-socket',
};

const COMMANDS_OF_SETUPTOOLS: Readonly<Record<string, string>> = {
  bdist_wheel: 'wheel',
  build_sphinx: 'sphinx',
  pytest: 'pytest-runner',
  ptr: 'pytest-runner',
  build_rust: 'setuptools-rust',
  compile_catalog: 'babel',
  extract_messages: 'babel',
};

const KEYWORDS_OF_SETUPTOOLS: Readonly<Record<string, string>> = {
  use_scm_version: 'setuptools-scm',
  use_vcs_version: 'hgtools',
  cffi_modules: 'cffi',
  rust_extensions: 'setuptools-rust',
  pbr: 'pbr',
  setuptools_git_versioning: 'setuptools-git-versioning',
  version_config: 'setuptools-git-versioning',
  cmake_install_dir: 'scikit-build',
  build_golang: 'setuptools-golang',
  milksnake_tasks: 'milksnake',
  use_pyscaffold: 'pyscaffold',
  ffi_modules: 'cffi',
};

/** Version sources, metadata hooks and build hooks of hatchling. */
const PLUGINS_OF_HATCHLING: Readonly<Record<string, string>> = {
  vcs: 'hatch-vcs',
  'fancy-pypi-readme': 'hatch-fancy-pypi-readme',
  requirements_txt: 'hatch-requirements-txt',
  'jupyter-builder': 'hatch-jupyter-builder',
  'nodejs-version': 'hatch-nodejs-version',
  nodejs: 'hatch-nodejs-version',
  regex_commit: 'hatch-regex-commit',
  'build-scripts': 'hatch-build-scripts',
  'uv-dynamic-versioning': 'uv-dynamic-versioning',
  mypyc: 'hatch-mypyc',
  cython: 'hatch-cython',
  'docstring-description': 'hatch-docstring-description',
  openzim: 'hatch-openzim',
  'openzim-metadata': 'hatch-openzim',
  'openzim-build': 'hatch-openzim',
  'dependency-coversion': 'hatch-dependency-coversion',
  'pinned-extra': 'hatch-pinned-extra',
};

/** The plugin that an option of pytest is from; null: not known. */
export function projectOfPytestOption(option: string): string | null {
  return (
    OPTIONS_OF_PYTEST.find(([start]) => (start.length === 2 ? option === start : option.startsWith(start)))?.[1] ?? null
  );
}

/** The plugin that gives a mark of pytest its meaning; null: not known. */
export function projectOfMark(mark: string): string | null {
  return own(MARKS, mark);
}

/** The project that adds a command to setup.py; null: not known. */
export function projectOfSetuptoolsCommand(command: string): string | null {
  return own(COMMANDS_OF_SETUPTOOLS, command);
}

/** The project that adds a keyword to `setup()`; null: not known. */
export function projectOfSetuptoolsKeyword(keyword: string): string | null {
  return own(KEYWORDS_OF_SETUPTOOLS, keyword);
}

/** The project that has a plugin of hatchling; null: not known. */
export function projectOfHatchlingPlugin(plugin: string): string | null {
  return own(PLUGINS_OF_HATCHLING, plugin);
}

function own(table: Readonly<Record<string, string>>, key: string): string | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}
