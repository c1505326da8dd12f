interface Row {
  readonly flags: string;
  readonly words: string;
}

/** The options of a `--help` text as a Markdown table, in its order. */
export function optionTable(help: string): string {
  const [, options = ''] = help.split(/^Options:\n/mu);
  const [section = ''] = options.split(/^\n/mu);
  const rows: Row[] = [];
  for (const line of section.split('\n')) {
    const start = /^ {2}(-\S.*?)(?: {2,}(.*))?$/u.exec(line);
    const last = rows.at(-1);
    if (start !== null) rows.push({ flags: start[1] ?? '', words: start[2] ?? '' });
    else if (last !== undefined) rows[rows.length - 1] = { ...last, words: `${last.words} ${line.trim()}`.trim() };
  }
  const lines = rows.map(({ flags, words }) => `| \`${flags}\` | ${words.replaceAll('|', '\\|')} |`);
  return ['| option | meaning |', '|---|---|', ...lines].join('\n');
}
