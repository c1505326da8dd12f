import { parse } from 'toml';
import * as v from 'valibot';
import { tryParseRequirement } from '../pep/requirement.ts';
import { type IniFile, parseIni } from './ini.ts';
import { and, type Condition, oneOf, or } from './python/condition.ts';
import { withMarker } from './python/condition-marker.ts';
import { normalPath } from './python/file-paths.ts';
import type { Place, Reading } from './release-facts.ts';
import { eggOf, readRequirementLines } from './requirement-files.ts';

/** What tox says about running the tests. */
export interface ToxReading {
  readonly deps: Reading<readonly string[]>;
  /** Commands of the environments that run tests. */
  readonly commands: string;
  readonly unknowns: readonly (Place & { readonly what: string; readonly why: string })[];
}

const NO_TOX: ToxReading = { deps: { kind: 'absent' }, commands: '', unknowns: [] };

/** Environments that do something else than running tests. */
const OTHER_WORK =
  /lint|flake8|docs?|sphinx|mypy|typ(?:e|ing)|cover|coverage|pep8|pycodestyle|style|format|black|isort|ruff|check|manifest|release|build|package|packaging|pypi|twine|pylint|pre-?commit|bench|perf|readme|publish|changelog|deploy|dev|venv|report|clean|security|bandit/iu;

/** Reads `deps` of the environments of tox.ini, setup.cfg (`[tox:tox]`), tool.tox of pyproject.toml or tox.toml that run tests. */
export function readTox(sources: {
  readonly text: (path: string) => string | null;
  /** The table tool.tox of pyproject.toml. */
  readonly table: unknown;
}): ToxReading {
  const toxIni = sources.text('tox.ini');
  if (toxIni !== null) return fromIni(parseIni(toxIni), 'tox.ini', sources.text);
  const setupCfg = sources.text('setup.cfg');
  if (setupCfg?.includes('[testenv') === true) return fromIni(parseIni(setupCfg), 'setup.cfg', sources.text);
  const ofPyproject = fromTable(sources.table, 'pyproject.toml', sources.text);
  if (ofPyproject !== null) return ofPyproject;
  const toxToml = sources.text('tox.toml');
  if (toxToml === null) return NO_TOX;
  const table = parsedToml(toxToml);
  const unread = { file: 'tox.toml', what: 'tox deps', why: 'it is no valid TOML' };
  if (table === null) return { ...NO_TOX, unknowns: [unread] };
  return fromTable(table, 'tox.toml', sources.text) ?? NO_TOX;
}

/** The tables of tox 4; null where they say nothing. What stands for a value (`{ replace = … }`) is not followed. */
function fromTable(table: unknown, file: string, text: (path: string) => string | null): ToxReading | null {
  const decoded = v.safeParse(ToxTableSchema, table);
  if (!decoded.success) return null;
  const { legacy_tox_ini: legacy, env_run_base: base, env } = decoded.output;
  if (legacy !== undefined) return fromIni(parseIni(legacy), file, text);
  const tested = Object.entries(env).filter(
    ([name, one]) => !OTHER_WORK.test(name) && (ONLY_PYTHON.test(name) || runsTests(one.commands)),
  );
  const tables = [...(base === undefined ? [] : [base]), ...tested.map(([, one]) => one)];
  const all = tables.flatMap(({ deps = [] }) => deps);
  const deps = all.filter((dep) => typeof dep === 'string');
  const commands = tables.flatMap((one) =>
    one.commands.map((words) => words.filter((word) => typeof word === 'string').join(' ')),
  );
  if (all.length === 0 && commands.length === 0) return null;
  const place = { file };
  const unread =
    deps.length === all.length ? [] : [{ ...place, what: 'tox deps', why: 'some of them refer to other values' }];
  const lines = depLines(deps.join('\n'), place, text);
  return {
    deps: deps.length === 0 ? { kind: 'absent' } : { kind: 'known', value: [...new Set(lines.deps)], place },
    commands: commands.join('\n'),
    unknowns: [...lines.unknowns, ...unread],
  };
}

/** An environment that is called after an interpreter: `3.13`, `py313`. */
const ONLY_PYTHON = /^(?:py|pypy)?\d[\d.-]*t?$/u;

function runsTests(commands: readonly (readonly unknown[])[]): boolean {
  return commands.flat().some((word) => typeof word === 'string' && /\b(?:py\.?test|unittest)\b/u.test(word));
}

function parsedToml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // Its reader tells that.
    return null;
  }
}

const ToxEnvironment = v.looseObject({
  deps: v.optional(
    v.union([
      v.array(v.unknown()),
      v.pipe(
        v.unknown(),
        v.transform((only) => [only]),
      ),
    ]),
  ),
  commands: v.optional(v.fallback(v.array(v.fallback(v.array(v.unknown()), [])), []), []),
});

const ToxTableSchema = v.looseObject({
  legacy_tox_ini: v.optional(v.string()),
  env_run_base: v.optional(ToxEnvironment),
  env: v.optional(v.fallback(v.record(v.string(), ToxEnvironment), {}), {}),
});

function fromIni(ini: IniFile, file: string, text: (path: string) => string | null): ToxReading {
  const deps = new Set<string>();
  const unknowns: ToxReading['unknowns'][number][] = [];
  const commands: string[] = [];
  let place: Place | null = null;
  for (const [name, section] of ini) {
    const environment = /^testenv(?::(.*))?$/u.exec(name);
    if (environment === null || OTHER_WORK.test(environment[1] ?? '')) continue;
    const command = section.get('commands')?.value;
    if (command !== undefined) commands.push(command);
    const entry = section.get('deps');
    if (entry === undefined) continue;
    const here = { file, line: entry.line };
    place ??= here;
    const lines = depLines(included(entry.value, ini, 0), here, text);
    for (const dep of lines.deps) deps.add(dep);
    unknowns.push(...lines.unknowns);
  }
  const value = [...deps];
  return {
    deps: place === null ? { kind: 'absent' } : { kind: 'known', value, place },
    commands: commands.join('\n'),
    unknowns,
  };
}

/** `{[section]key}` is what another section says. */
function included(value: string, ini: IniFile, depth: number): string {
  if (depth > 5) return '';
  return value.replace(/\{\[([^\]{}]{1,100})\]([\w-]{1,100})\}/gu, (_, section: string, key: string) =>
    included(iniText(ini, section, key) ?? '', ini, depth + 1),
  );
}

/** Keys are read in lower case. */
function iniText(ini: IniFile, section: string, key: string): string | undefined {
  const values = ini.get(section);
  return (values?.get(key.toLowerCase()) ?? values?.get(key.toLowerCase().replaceAll('-', '_')))?.value;
}

/**
 * The requirements of a `deps` value, files included.
 * line = [factor ("," factor)* ":"] (requirement | "-r" path | option)
 */
function depLines(value: string, place: Place, text: (path: string) => string | null) {
  const deps: string[] = [];
  const unknowns: ToxReading['unknowns'][number][] = [];
  const leftOut = new Set<string>();
  for (const raw of value.split('\n')) {
    const line = raw
      .replace(/(?:^|\s)#.*/u, '')
      .replace(/\{(?:toxinidir|tox_root)\}\/?/gu, '')
      .replace(/\{env:\w{1,100}(?::([^{}]{0,200}))?\}/gu, '$1')
      .trim();
    const factors = /^((?:[\w.!,-]|\{[\w.!,-]*\})+)\s*:\s*(?!\/\/)(.*)$/u.exec(line);
    const condition = factors === null ? null : factorCondition(factors[1] ?? '');
    const rest = factors === null ? line : (factors[2] ?? '');
    if (rest === '' || rest.startsWith('.')) continue;
    if (factors !== null && condition === null) {
      leftOut.add(factors[1] ?? '');
      continue;
    }
    const file = /^(?:-r|--requirement)[\s=]*(\S+)/u.exec(rest)?.[1];
    if (file !== undefined) {
      const content = text(normalPath(file));
      if (content === null) unknowns.push({ ...place, what: 'tox deps', why: `includes ${file}, which is not there` });
      else {
        deps.push(
          ...readRequirementLines(content, normalPath(file), text).requirements.map((one) => marked(one, condition)),
        );
      }
      continue;
    }
    const requirement = eggOf(rest) ?? rest;
    if (tryParseRequirement(requirement) !== null) deps.push(marked(requirement, condition));
    else if (!rest.startsWith('-'))
      unknowns.push({ ...place, what: 'tox deps', why: `this is no requirement: ${rest.slice(0, 80)}` });
  }
  if (leftOut.size > 0) {
    unknowns.push({
      ...place,
      what: 'tox deps',
      why: `those of the factors ${[...leftOut].join(', ')} hold in some environments only`,
    });
  }
  return { deps, unknowns };
}

function marked(requirement: string, condition: Condition | null): string {
  return condition === null ? requirement : withMarker(requirement, condition);
}

/** `py27,py35`, `py{36,37}`, `pypy`: the interpreters; null for factors that are none. */
function factorCondition(text: string): Condition | null {
  const conditions: Condition[] = [];
  const versions: number[] = [];
  for (const factor of expandBraces(text).flatMap((one) => one.split(','))) {
    const version = /^py(\d)\.?(\d{1,2})$/u.exec(factor);
    if (version !== null) versions.push(Number(version[1]) * 100 + Number(version[2]));
    else if (factor === 'py2' || factor === 'py3')
      conditions.push({ kind: 'version', operator: factor === 'py2' ? '<' : '>=', bound: [3] });
    else if (/^pypy\d*$/u.test(factor)) conditions.push(oneOf('platform_python_implementation', ['PyPy']));
    else return null;
  }
  return or([...conditions, ...versionRanges(versions)]);
}

/** Versions as 100 * major + minor; those that follow each other become one range. */
function versionRanges(versions: readonly number[]): Condition[] {
  const ranges: { from: number; to: number }[] = [];
  for (const version of versions.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && version <= last.to) last.to = version + 1;
    else ranges.push({ from: version, to: version + 1 });
  }
  const bound = (version: number) => [Math.floor(version / 100), version % 100];
  return ranges.map(({ from, to }) =>
    and([
      { kind: 'version', operator: '>=', bound: bound(from) },
      { kind: 'version', operator: '<', bound: bound(to) },
    ]),
  );
}

/** `py{36,37}-x` gives `py36-x` and `py37-x`; one pair of braces is enough here. */
function expandBraces(text: string): string[] {
  const open = text.indexOf('{');
  const close = text.indexOf('}', open);
  if (open < 0 || close < 0) return [text];
  return text
    .slice(open + 1, close)
    .split(',')
    .map((inner) => text.slice(0, open) + inner + text.slice(close + 1));
}
