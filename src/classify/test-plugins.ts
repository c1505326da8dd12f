import type { SdistFacts } from '../metadata/release-facts.ts';

/** Whether the configuration of pytest, or a mark of a test, asks for a plugin; true as well for plugins of which that does not tell. */
export function isPluginInUse(name: string | null, { tests }: SdistFacts): boolean {
  const use = USE_OF_PLUGIN.get(name ?? '');
  if (use === undefined) return true;
  return use.option.test(tests.pytestOptions) || use.names.some((one) => tests.pytestNames?.includes(one) === true);
}

/** Plugins of pytest that change no result: where no option in every run asks for them, nothing needs them. What tox passes is not run here. By project. */
export const OPTIONS_OF_PLUGIN: ReadonlyMap<string, RegExp> = new Map([
  ['pytest-cov', /(?:^|\s)--(?:no-)?cov\b/u],
  ['pytest-coverage', /(?:^|\s)--(?:no-)?cov\b/u],
  ['pytest-html', /(?:^|\s)--(?:self-contained-)?html\b/u],
  ['pytest-random-order', /\brandom[-_]order\b/u],
  ['pytest-randomly', /\brandomly\b/u],
]);

/** Plugins without which pytest refuses an option that its configuration has, by project. */
export const PLUGIN_OF_OPTION: ReadonlyMap<string, RegExp> = new Map([
  ['pytest-asyncio', /(?:^|\s)--asyncio-mode\b/u],
  ['pytest-benchmark', /(?:^|\s)--benchmark-[a-z]/u],
  ['pytest-cov', /(?:^|\s)--(?:no-)?cov\b/u],
  ['pytest-socket', /(?:^|\s)--(?:disable-socket|force-enable-socket|allow-hosts|allow-unix-socket)\b/u],
  ['pytest-timeout', /(?:^|\s)--timeout\b/u],
  ['pytest-xdist', /(?:^|\s)(?:-n[\s=]?(?:\d|auto|logical)|--(?:numprocesses|dist)\b)/u],
]);

/**
 * The plugin whose mark pytest refuses without it where its configuration wants every mark to be known; null for marks that are of no plugin. Names that projects give marks of their own count only
 * where the project speaks of a plugin (`isSpokenOf`) that has them.
 */
export function pluginOfMark(mark: string, isSpokenOf: (project: string) => boolean): string | null {
  const sure = PLUGIN_OF_MARK.get(mark);
  if (sure !== undefined) return sure;
  return PLUGINS_OF_USUAL_MARK.get(mark)?.find(isSpokenOf) ?? null;
}

const PLUGIN_OF_MARK: ReadonlyMap<string, string> = new Map([
  ['datafiles', 'pytest-datafiles'],
  ['django_db', 'pytest-django'],
  ['mpl_image_compare', 'pytest-mpl'],
  ['trio', 'pytest-trio'],
  ['xdist_group', 'pytest-xdist'],
]);

const PLUGINS_OF_USUAL_MARK: ReadonlyMap<string, readonly string[]> = new Map([
  ['asyncio', ['pytest-asyncio']],
  ['benchmark', ['pytest-benchmark', 'pytest-codspeed']],
  ['timeout', ['pytest-timeout']],
]);

/** Whether the configuration of pytest wants every mark to be known. */
export function wantsKnownMarks({ tests }: SdistFacts): boolean {
  const { pytestOptions, pytestNames = [] } = tests;
  return /(?:^|\s)--strict(?:-markers)?(?:\s|$)/u.test(pytestOptions) || pytestNames.includes('strict_markers');
}

/**
 * Plugins that only change how tests are run, where nothing asks for them: their options, and the names of their marks and settings. Named for tox or for developers,
 * they are for the one who types the command. By project.
 */
const USE_OF_PLUGIN: ReadonlyMap<string, { readonly option: RegExp; readonly names: readonly string[] }> = new Map([
  ['pytest-forked', { option: /(?:^|\s)--(?:forked|boxed)\b/u, names: ['forked'] }],
  ['pytest-instafail', { option: /(?:^|\s)--instafail\b/u, names: [] }],
  ['pytest-memray', { option: /(?:^|\s)--memray\b/u, names: ['limit_memory', 'limit_leaks', 'memray'] }],
  ['pytest-profiling', { option: /(?:^|\s)--profile\b/u, names: [] }],
  [
    'pytest-socket',
    {
      option: /(?:^|\s)--(?:disable-socket|force-enable-socket|allow-hosts|allow-unix-socket)\b/u,
      names: ['allow_hosts', 'disable_socket', 'enable_socket'],
    },
  ],
  ['pytest-sugar', { option: /(?:^|\s)--(?:force-sugar|old-summary)\b/u, names: [] }],
  [
    'pytest-timeout',
    { option: /(?:^|\s)--timeout\b/u, names: ['timeout', 'timeout_func_only', 'timeout_method', 'session_timeout'] },
  ],
  [
    'pytest-xdist',
    {
      option: /(?:^|\s)(?:-n[\s=]?(?:\d|auto|logical)|--(?:numprocesses|dist)\b)/u,
      names: ['looponfailroots', 'xdist_group'],
    },
  ],
]);
