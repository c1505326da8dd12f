/** Plugins of pytest by the names of their fixtures; PEP 503 names. */
const FIXTURES: Readonly<Record<string, string>> = {
  mocker: 'pytest-mock',
  class_mocker: 'pytest-mock',
  module_mocker: 'pytest-mock',
  session_mocker: 'pytest-mock',
  benchmark: 'pytest-benchmark',
  httpx_mock: 'pytest-httpx',
  requests_mock: 'requests-mock',
  respx_mock: 'respx',
  aiohttp_client: 'pytest-aiohttp',
  aiohttp_server: 'pytest-aiohttp',
  event_loop: 'pytest-asyncio',
  unused_tcp_port: 'pytest-asyncio',
  anyio_backend: 'anyio',
  nursery: 'pytest-trio',
  freezer: 'pytest-freezer',
  datadir: 'pytest-datadir',
  shared_datadir: 'pytest-datadir',
  lazy_datadir: 'pytest-datadir',
  data_regression: 'pytest-regressions',
  file_regression: 'pytest-regressions',
  num_regression: 'pytest-regressions',
  image_regression: 'pytest-regressions',
  httpserver: 'pytest-httpserver',
  httpbin: 'pytest-httpbin',
  db: 'pytest-django',
  django_user_model: 'pytest-django',
  django_db_setup: 'pytest-django',
  rf: 'pytest-django',
  admin_client: 'pytest-django',
  qtbot: 'pytest-qt',
  qapp: 'pytest-qt',
  faker: 'faker',
  subtests: 'pytest-subtests',
  fs: 'pyfakefs',
  xprocess: 'pytest-xprocess',
  postgresql: 'pytest-postgresql',
  time_machine: 'time-machine',
  script_runner: 'pytest-console-scripts',
  check: 'pytest-check',
  fp: 'pytest-subprocess',
  fake_process: 'pytest-subprocess',
  jp_serverapp: 'pytest-jupyter',
  hypothesis: 'hypothesis',
  virtualenv: 'pytest-virtualenv',
};

/** Names that projects and other plugins give to fixtures of their own as well. */
const USUAL: ReadonlySet<string> = new Set([
  ...['admin_client', 'check', 'datadir', 'db', 'event_loop', 'faker', 'fp', 'fs', 'hypothesis', 'nursery'],
  ...['postgresql', 'qapp', 'rf', 'virtualenv'],
]);

/** The plugin that has a fixture of pytest; null: not known. */
export function projectOfFixture(fixture: string): string | null {
  return Object.hasOwn(FIXTURES, fixture) ? (FIXTURES[fixture] ?? null) : null;
}

/**
 * The plugin that a test needs by the fixture it asks for; null where that tells none. A usual name counts only where the sdist speaks of the plugin (`isSpokenOf`).
 */
export function pluginOfFixture(fixture: string, isSpokenOf: (project: string) => boolean): string | null {
  const plugin = projectOfFixture(fixture);
  return plugin === null || (USUAL.has(fixture) && !isSpokenOf(plugin)) ? null : plugin;
}
