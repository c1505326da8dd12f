import * as v from 'valibot';
import { nearestName } from '../base/nearest-name.ts';
import { oneLine } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import type { Requirement } from '../pep/requirement.ts';
import { parseTarget } from '../pep/requirements-target.ts';
import { parseSpecifierSet } from '../pep/specifier.ts';
import { isTable, readToml, type TextKey, type TextPlaces, tomlPlaces } from '../pep/toml-text.ts';
import { tryParseVersion } from '../pep/version.ts';
import { MANIFEST_OPTIONS, type ManifestOptions } from './manifest-options.ts';

/** The name of the file that makes a folder a repository. */
export const MANIFEST_PATH = 'pypi2nix.toml';

/** What the user wants of a repository, from its `pypi2nix.toml`. */
export interface Manifest {
  /** Its whole text, which edits go by. */
  readonly text: string;
  /** As they are written: names with specifiers, folders, archives, addresses; relative paths are of the folder of the repository. */
  readonly requirements: readonly string[];
  /** Folders of projects that are worked on, as they are written; they are requirements too. */
  readonly develop: readonly string[];
  /** Options of `generate` that hold in the repository, by their long names. */
  readonly options: ManifestOptions;
  readonly pins: readonly Pin[];
}

/** A project that stays at a version, or within bounds, and why. */
export interface Pin {
  /** PEP 503 name. */
  readonly name: string;
  /** `NAME==VERSION`, or `NAME` with the bounds that are written in place of a version. */
  readonly constraint: Requirement;
  readonly reason: string;
}

const TOP_KEYS = ['requirements', 'develop', 'options', 'pins'];
const TEXT = v.pipe(v.string('must be a text'), v.trim(), v.minLength(1, 'must not be empty'));
const TEXTS = v.array(TEXT, 'must be a list of texts');
const PIN = v.object({ version: TEXT, reason: TEXT });

/**
 * Reads a manifest. `file` is its name for messages.
 *
 *     manifest = [ "requirements" "=" list ] [ "develop" "=" list ] [ "[options]" *( option "=" value ) ]
 *                [ "[pins]" *( NAME "=" "{" "version" "=" text "," "reason" "=" text "}" ) ]
 *
 * Throws UserError E_BAD_MANIFEST (exit 78) with file, line and column, all faults together.
 */
export function parseManifest(text: string, file: string): Manifest {
  const read = readToml(text);
  if ('fault' in read) throw badManifest(file, { ...read.fault.place, text: read.fault.text });
  const faults = faultsOf(file, () => tomlPlaces(text));
  const { table } = read;
  faults.unknown(table, { known: TOP_KEYS, path: [], what: 'key' });
  const requirements = faults.decode(TEXTS, table.requirements ?? [], ['requirements']) ?? [];
  for (const [index, each] of requirements.entries()) faults.attempt(['requirements', index], () => parseTarget(each));
  const develop = faults.decode(TEXTS, table.develop ?? [], ['develop']) ?? [];
  for (const [index, each] of develop.entries())
    faults.attempt(['develop', index], () => {
      if (parseTarget(each, true).kind !== 'path') throw new UserError('E_BAD_MANIFEST', 'must be a folder');
    });
  const options = optionsIn(table.options, faults);
  const pins = pinsIn(table.pins, faults);
  faults.throwIfAny();
  return { text, requirements, develop, options, pins };
}

function optionsIn(table: unknown, faults: Faults): ManifestOptions {
  if (table === undefined) return {};
  if (!isTable(table)) {
    faults.report(['options'], 'must be a table');
    return {};
  }
  faults.unknown(table, { known: Object.keys(MANIFEST_OPTIONS.entries), path: ['options'], what: 'option' });
  return faults.decode(MANIFEST_OPTIONS, table, ['options']) ?? {};
}

function pinsIn(table: unknown, faults: Faults): readonly Pin[] {
  if (table === undefined) return [];
  if (!isTable(table)) {
    faults.report(['pins'], 'must be a table');
    return [];
  }
  return Object.entries(table).flatMap(([key, value]): Pin[] => {
    const path = ['pins', key];
    faults.unknown(value, { known: Object.keys(PIN.entries), path, what: 'key' });
    const decoded = faults.decode(PIN, value, path);
    if (!isProjectName(key)) faults.report(path, 'is no name of a project');
    if (decoded === null || !isProjectName(key)) return [];
    const { version, reason } = decoded;
    const bound = tryParseVersion(version) === null ? version : `==${version}`;
    const specifier = faults.attempt([...path, 'version'], () => parseSpecifierSet(bound));
    if (specifier === null) return [];
    const name = normalizeName(key);
    return [{ name, constraint: { name, spelled: key, extras: [], specifier, marker: null, url: null }, reason }];
  });
}

interface Faults {
  report(path: readonly TextKey[], what: string, hint?: string): void;
  unknown(
    table: unknown,
    context: { readonly known: readonly string[]; readonly path: readonly TextKey[]; readonly what: string },
  ): void;
  decode<const Schema extends v.GenericSchema>(
    schema: Schema,
    value: unknown,
    path: readonly TextKey[],
  ): v.InferOutput<Schema> | null;
  /** The result of an action; null after a user error, which is reported with the place. */
  attempt<T>(path: readonly TextKey[], action: () => T): T | null;
  throwIfAny(): void;
}

function faultsOf(file: string, placesOf: () => TextPlaces): Faults {
  const found: { path: readonly TextKey[]; text: string; hint: string | undefined }[] = [];
  const add = (path: readonly TextKey[], text: string, hint?: string): void => {
    found.push({ path, text, hint });
  };
  return {
    report: (path, what, hint) => add(path, `${nameOf(path)} ${what}`, hint),
    unknown(table, { known, path, what }) {
      for (const key of isTable(table) ? Object.keys(table) : []) {
        if (known.includes(key)) continue;
        const meant = nearestName(key, known);
        const hint = meant === null ? `known here: ${known.join(', ')}` : `did you mean ${meant}?`;
        add([...path, key], `unknown ${what} ${JSON.stringify(oneLine(key.slice(0, 100)))}`, hint);
      }
    },
    decode(schema, value, path) {
      const decoded = v.safeParse(schema, value);
      if (decoded.success) return decoded.output;
      for (const { path: keys = [], message } of decoded.issues) {
        const whole = [...path, ...keys.map(({ key }) => (typeof key === 'number' ? key : String(key)))];
        add(whole, `${nameOf(whole)} ${/^[a-z]/u.test(message) ? message : 'must be a text'}`);
      }
      return null;
    },
    attempt(path, action) {
      try {
        return action();
      } catch (thrown) {
        if (!(thrown instanceof UserError)) throw thrown;
        add(path, `${nameOf(path)}: ${thrown.message}`, thrown.hint);
        return null;
      }
    },
    throwIfAny() {
      if (found.length === 0) return;
      const places = placesOf();
      const placed = found.map((fault) => ({ ...fault, ...places.at(fault.path) }));
      placed.sort((a, b) => a.line - b.line || a.column - b.column);
      throwAll(placed.map((fault) => badManifest(file, fault)));
    },
  };
}

function nameOf(path: readonly TextKey[]): string {
  return path
    .map((key, index) =>
      typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${oneLine(key.slice(0, 100))}`,
    )
    .join('');
}

function badManifest(
  file: string,
  { line, column, text, hint }: { line: number; column: number; text: string; hint?: string | undefined },
): UserError {
  return new UserError('E_BAD_MANIFEST', `${oneLine(file)}:${line}:${column}: ${text}`, {
    exit: EXIT.config,
    hint: hint ?? 'docs/repository.md has the keys of this file',
  });
}
