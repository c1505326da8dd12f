import { sortedUnique } from '../base/text.ts';
import { type IniFile, type IniValue, iniValue, parseIni, valueLines } from './ini.ts';
import { packageSearch } from './package-search.ts';
import type { PythonFiles } from './python/machine.ts';
import type { Reading, RequirementGroups, SetupFacts } from './release-facts.ts';
import { scriptNames } from './setup-script.ts';

/** What setup.cfg says to setuptools, and which modules it installs. */
export interface SetupCfgReading {
  readonly facts: SetupFacts;
  readonly pyModules: readonly string[];
  /** Packages that are listed by their names; null where they are looked for in the tree (`find:`), or not stated. */
  readonly packages: readonly string[] | null;
  /** Packages are looked for in the tree, beside what is listed. */
  readonly searches: boolean;
  /** Tells the packages that this search may find: `[options.packages.find]` with `include` and `exclude`. */
  readonly isFound: (name: string) => boolean;
  /** Folder by package name, `` for the root package. */
  readonly packageDir: ReadonlyMap<string, string>;
}

const FILE = 'setup.cfg';
const ABSENT = { kind: 'absent' } as const;

/** Reads the declarative configuration of setuptools; null where the file has neither `[metadata]` nor `[options]`. */
export function readSetupCfg(text: string, files: Pick<PythonFiles, 'text'>): SetupCfgReading | null {
  const ini = parseIni(text);
  if (!ini.has('metadata') && !ini.has('options')) return null;
  const option = (section: string, key: string): Reading<string> => resolved(iniValue(ini, section, key), files);
  const lines = (section: string, key: string, separator: string) =>
    map(option(section, key), (value) => splitList(value, separator));
  const url = option('metadata', 'url');
  return {
    facts: {
      installRequires: lines('options', 'install_requires', ';'),
      setupRequires: lines('options', 'setup_requires', ';'),
      testsRequire: lines('options', 'tests_require', ';'),
      extrasRequire: extras(ini, files),
      pythonRequires: option('options', 'python_requires'),
      license: option('metadata', 'license'),
      classifiers: orElse(lines('metadata', 'classifiers', ','), lines('metadata', 'classifier', ',')),
      url: orElse(url, option('metadata', 'home_page')),
      description: orElse(option('metadata', 'description'), option('metadata', 'summary')),
      consoleScripts: consoleScripts(ini, files),
      libraries: ABSENT,
      hasExtensions: false,
    },
    pyModules: splitList(iniValue(ini, 'options', 'py_modules')?.value ?? '', ','),
    packages: listedPackages(iniValue(ini, 'options', 'packages')?.value ?? ''),
    searches: /^find(?:_namespace)?:/u.test(iniValue(ini, 'options', 'packages')?.value ?? ''),
    isFound: foundPackages(ini),
    packageDir: packageDir(ini),
  };
}

/** A value with `file:` read and `attr:` left unknown. */
function resolved(entry: IniValue | undefined, files: Pick<PythonFiles, 'text'>): Reading<string> {
  if (entry === undefined || entry.value === '') return ABSENT;
  const place = { file: FILE, line: entry.line };
  const directive = /^(file|attr):\s*/u.exec(entry.value);
  if (directive === null) return { kind: 'known', value: entry.value, place };
  const rest = entry.value.slice(directive[0].length);
  if (directive[1] === 'attr') return { kind: 'unknown', place, why: `is the attribute ${rest} of a module` };
  const texts: string[] = [];
  for (const name of splitList(rest, ',')) {
    const text = files.text(name.replace(/^\.\//u, ''));
    if (text === null) return { kind: 'unknown', place, why: `is in ${name}, which is not there or not kept` };
    texts.push(text);
  }
  return { kind: 'known', value: texts.join('\n'), place };
}

/** A list of setuptools: one entry a line, or in one line with separators. Comment lines are no entries. */
function splitList(value: string, separator: string): string[] {
  return value.includes('\n')
    ? valueLines(value)
    : value
        .split(separator)
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
}

function extras(ini: IniFile, files: Pick<PythonFiles, 'text'>): Reading<RequirementGroups> {
  const section = ini.get('options.extras_require');
  const [first] = section?.values() ?? [];
  if (section === undefined || first === undefined) return ABSENT;
  const groups: [string, string[]][] = [];
  for (const [name, entry] of section) {
    const value = resolved(entry, files);
    if (value.kind === 'unknown') return value;
    groups.push([name, value.kind === 'known' ? splitList(value.value, ';') : []]);
  }
  return { kind: 'known', value: Object.fromEntries(groups), place: { file: FILE, line: first.line } };
}

function consoleScripts(ini: IniFile, files: Pick<PythonFiles, 'text'>): Reading<readonly string[]> {
  // pbr has a section of its own.
  const entry = (ini.get('options.entry_points') ?? (ini.has('files') ? ini.get('entry_points') : undefined))?.get(
    'console_scripts',
  );
  if (entry !== undefined) return map(resolved(entry, files), (value) => scriptNames(valueLines(value)));
  const whole = resolved(iniValue(ini, 'options', 'entry_points'), files);
  if (whole.kind !== 'known') return whole;
  const scripts = parseIni(whole.value, { exactKeys: true }).get('console_scripts');
  return scripts === undefined ? ABSENT : { ...whole, value: sortedUnique(scripts.keys()) };
}

/** package_dir = [name] "=" folder, one a line; else the folder in which packages are looked for */
function packageDir(ini: IniFile): Map<string, string> {
  const value = iniValue(ini, 'options', 'package_dir')?.value ?? '';
  const where = iniValue(ini, 'options.packages.find', 'where')?.value ?? '';
  if (value === '' && where !== '' && where !== '.') return new Map([['', where]]);
  const pairs = splitList(value, ',').filter((line) => line.includes('='));
  return new Map(
    pairs.map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

function foundPackages(ini: IniFile): (name: string) => boolean {
  const patterns = (key: string) => splitList(iniValue(ini, 'options.packages.find', key)?.value ?? '', ',');
  const include = patterns('include');
  return packageSearch({ include: include.length === 0 ? undefined : include, exclude: patterns('exclude') });
}

/** Packages by their names; `find:` and `find_namespace:` look for them. */
function listedPackages(value: string): string[] | null {
  return value === '' || /^find(?:_namespace)?:/u.test(value) ? null : splitList(value, ',');
}

function map<A, B>(reading: Reading<A>, apply: (value: A) => B): Reading<B> {
  return reading.kind === 'known' ? { ...reading, value: apply(reading.value) } : reading;
}

function orElse<T>(first: Reading<T>, second: Reading<T>): Reading<T> {
  return first.kind === 'absent' ? second : first;
}
