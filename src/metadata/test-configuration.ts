import * as v from 'valibot';
import { type IniFile, parseIni } from './ini.ts';

/** How a project configures pytest. */
export interface PytestConfiguration {
  /** The file, for example `pytest.ini`. */
  readonly file: string;
  /** The options that every run gets (`addopts`), on one line; empty without any. */
  readonly options: string;
  /** Names of all that it sets. */
  readonly settings: readonly string[];
  /** Patterns of the names of files that are collected (`python_files`); null: pytest's own, `test_*.py` and `*_test.py`. */
  readonly pythonFiles: readonly string[] | null;
}

const Words = v.union([v.string(), v.array(v.string())]);
const OptionsSchema = v.looseObject({ addopts: v.optional(Words), python_files: v.optional(Words) });
const TableSchema = v.looseObject({ ini_options: v.optional(OptionsSchema) });

/**
 * The configuration that pytest takes at the root of an sdist: of pytest.ini, pyproject.toml (`tool.pytest.ini_options`, and `tool.pytest` since pytest 9),
 * tox.ini (`[pytest]`) and setup.cfg (`[tool:pytest]`) the first that has its table. Null where none has.
 */
export function pytestConfiguration(sources: {
  readonly text: (path: string) => string | null;
  /** The table tool.pytest of pyproject.toml; undefined without. */
  readonly table: unknown;
}): PytestConfiguration | null {
  const ini = (file: string): IniFile => parseIni(sources.text(file) ?? '');
  // A file of this name is pytest's, whatever it says.
  if (sources.text('pytest.ini') !== null) return fromSection('pytest.ini', ini('pytest.ini'), 'pytest');
  if (sources.table !== undefined) return fromTable(sources.table);
  if (ini('tox.ini').has('pytest')) return fromSection('tox.ini', ini('tox.ini'), 'pytest');
  return ini('setup.cfg').has('tool:pytest') ? fromSection('setup.cfg', ini('setup.cfg'), 'tool:pytest') : null;
}

function fromSection(file: string, ini: IniFile, section: string): PytestConfiguration {
  const value = (key: string): string | undefined => ini.get(section)?.get(key)?.value;
  const settings = [...(ini.get(section)?.keys() ?? [])];
  return { file, options: oneLineOf(value('addopts')), settings, pythonFiles: patternsOf(value('python_files')) };
}

function fromTable(table: unknown): PytestConfiguration {
  const decoded = v.safeParse(TableSchema, table);
  const direct = v.safeParse(OptionsSchema, table);
  const options = (decoded.success ? decoded.output.ini_options : undefined) ?? (direct.success ? direct.output : {});
  return {
    file: 'pyproject.toml',
    options: oneLineOf(options.addopts),
    settings: Object.keys(options),
    pythonFiles: patternsOf(options.python_files),
  };
}

function oneLineOf(words: string | readonly string[] | undefined): string {
  const text = typeof words === 'string' ? words : (words ?? []).join(' ');
  return text.replace(/\s+/gu, ' ').trim().slice(0, LONGEST);
}

/** Of options nobody writes more. */
const LONGEST = 2000;

function patternsOf(words: string | readonly string[] | undefined): string[] | null {
  if (words === undefined) return null;
  const patterns = (typeof words === 'string' ? words.split(/\s+/u) : words).filter((word) => word !== '');
  return patterns.length === 0 ? null : patterns;
}
