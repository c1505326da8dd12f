/** A value of an INI file and where its key stands (lines from 1). */
export interface IniValue {
  readonly value: string;
  readonly line: number;
}

/** Sections by name as written, keys in lower case unless they are read exactly. */
export type IniFile = ReadonlyMap<string, ReadonlyMap<string, IniValue>>;

/**
 * Reads an INI file as Python's configparser does for setup.cfg and tox.ini: values go on in lines that are indented deeper than their
 * key, comments are whole lines, nothing is interpolated. Lines that are neither section, key nor continuation are passed over.
 * section = "[" name "]"
 * value = key ("=" | ":") text (newline indentation text)*
 */
export function parseIni(text: string, options: { readonly exactKeys?: boolean } = {}): IniFile {
  const sections = new Map<string, Map<string, IniValue>>();
  let section: Map<string, IniValue> | undefined;
  let key: { name: string; indent: number; line: number } | undefined;
  for (const [index, line] of text
    .replace(/^\ufeff/u, '')
    .split(/\r?\n|\r/u)
    .entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    const indent = line.length - line.trimStart().length;
    const before = key === undefined ? undefined : section?.get(key.name);
    if (key !== undefined && before !== undefined && indent > key.indent) {
      section?.set(key.name, { value: `${before.value}\n${trimmed}`.trim(), line: before.line });
      continue;
    }
    key = undefined;
    if (trimmed.startsWith('[') && trimmed.includes(']')) {
      const name = trimmed.slice(1, trimmed.lastIndexOf(']'));
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      continue;
    }
    const split = trimmed.search(/[=:]/u);
    if (split < 1 || section === undefined) continue;
    const name = trimmed.slice(0, split).trim();
    key = { name: options.exactKeys === true ? name : name.toLowerCase(), indent, line: index + 1 };
    section.set(key.name, { value: trimmed.slice(split + 1).trim(), line: key.line });
  }
  return sections;
}

/** The lines of a value that say something, without comments at their end (` # ...`). */
export function valueLines(value: string): string[] {
  return value
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#.*/u, '').trim())
    .filter((line) => line !== '');
}

/** A value by its key, which may be spelled with `-` for `_`, as setuptools takes it. */
export function iniValue(ini: IniFile, section: string, key: string): IniValue | undefined {
  return ini.get(section)?.get(key) ?? ini.get(section)?.get(key.replaceAll('_', '-'));
}
