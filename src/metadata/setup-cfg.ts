import { sortedUnique } from '../base/text.ts';
import { type IniFile, type IniValue, iniValue, parseIni, valueLines } from './ini.ts';
import type { PythonFiles } from './python/machine.ts';
import type { Reading, RequirementGroups, SetupFacts } from './release-facts.ts';
import { scriptNames } from './setup-script.ts';

/** What setup.cfg says to setuptools, and which modules it installs. */
export interface SetupCfgReading {
  readonly facts: SetupFacts;
  readonly pyModules: readonly string[];
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
    packageDir: packageDir(iniValue(ini, 'options', 'package_dir')?.value ?? ''),
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
  const entry = ini.get('options.entry_points')?.get('console_scripts');
  if (entry !== undefined) return map(resolved(entry, files), (value) => scriptNames(valueLines(value)));
  const whole = resolved(iniValue(ini, 'options', 'entry_points'), files);
  if (whole.kind !== 'known') return whole;
  const scripts = parseIni(whole.value, { exactKeys: true }).get('console_scripts');
  return scripts === undefined ? ABSENT : { ...whole, value: sortedUnique(scripts.keys()) };
}

/** package_dir = [name] "=" folder, one a line */
function packageDir(value: string): Map<string, string> {
  const pairs = splitList(value, ',').filter((line) => line.includes('='));
  return new Map(
    pairs.map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

function map<A, B>(reading: Reading<A>, apply: (value: A) => B): Reading<B> {
  return reading.kind === 'known' ? { ...reading, value: apply(reading.value) } : reading;
}

function orElse<T>(first: Reading<T>, second: Reading<T>): Reading<T> {
  return first.kind === 'absent' ? second : first;
}
