/** Tables whose fields become attributes. */
const TABLES = /^(?:project|tool\.poetry|tool\.flit\.(?:metadata|scripts))(?:\.(?:urls|scripts))?$/u;
const KEY =
  /^[ \t]{0,20}((?:[\w-]{1,80}|"[^"]{1,80}"|'[^']{1,80}')(?:[ \t]{0,5}\.[ \t]{0,5}(?:[\w-]{1,80}|"[^"]{1,80}"|'[^']{1,80}')){0,4})[ \t]{0,20}=/u;
const MOST = 500;

/**
 * On which lines of pyproject.toml the keys of the project's tables stand, from 1, by table and key in lower case: `project.urls.homepage`. The parser does not tell, so that
 * lines are looked at one by one.
 * line = "[" table "]" | key "=" …
 */
export function pyprojectLines(text: string): Readonly<Record<string, number>> {
  const lines = new Map<string, number>();
  let table = '';
  for (const [index, line] of text.split('\n').entries()) {
    if (lines.size >= MOST) break;
    const header = /^[ \t]{0,20}\[([^\][]{1,200})\]/u.exec(line)?.[1];
    if (header !== undefined) table = plain(header);
    const key = header === undefined ? KEY.exec(line)?.[1] : '';
    if (key === undefined || !TABLES.test(table)) continue;
    const name = (key === '' ? table : `${table}.${plain(key)}`).toLowerCase();
    if (!lines.has(name)) lines.set(name, index + 1);
  }
  return Object.fromEntries(lines);
}

/** Dotted names without their quotes and spaces. */
function plain(name: string): string {
  return name
    .replace(/["']/gu, '')
    .replace(/[ \t]*\.[ \t]*/gu, '.')
    .trim();
}
