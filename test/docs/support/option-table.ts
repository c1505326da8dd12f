interface Row {
  readonly flags: string;
  readonly words: string;
}

/** The options of a `--help` text as a Markdown table, in its order. */
export function optionTable(help: string): string {
  return tableOf(help, { title: 'Options', column: 'option' });
}

/** The commands of the `--help` text in the same form, without `help`, whose line speaks of that text. */
export function commandTable(help: string): string {
  return tableOf(help, { title: 'Commands', column: 'command' }).replace(/^\| `help` .*\n?/mu, '');
}

function tableOf(help: string, { title, column }: { readonly title: string; readonly column: string }): string {
  const [, after = ''] = help.split(new RegExp(`^${title}:\\n`, 'mu'));
  const [section = ''] = after.split(/^\n/mu);
  const rows: Row[] = [];
  for (const line of section.split('\n')) {
    const start = /^ {2}(\S.*?)(?: {2,}(.*))?$/u.exec(line);
    const last = rows.at(-1);
    if (start !== null) rows.push({ flags: start[1] ?? '', words: start[2] ?? '' });
    else if (last !== undefined) rows[rows.length - 1] = { ...last, words: `${last.words} ${line.trim()}`.trim() };
  }
  const lines = rows.map(({ flags, words }) => `| \`${flags}\` | ${words.replaceAll('|', '\\|')} |`);
  return [`| ${column} | meaning |`, '|---|---|', ...lines].join('\n');
}
