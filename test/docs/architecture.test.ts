import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS, ROOT, textOf } from './support/documents.ts';

const SOURCES: ReadonlyMap<string, string> = new Map(
  readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [`src/${name}`, textOf(`src/${name}`)]),
);

/** What stands in backquotes outside of blocks, with its line. */
function quoted(document: string): { readonly term: string; readonly line: string }[] {
  const lines = document.replace(/^```[\s\S]*?^```$/gmu, '').split('\n');
  return lines.flatMap((line) => [...line.matchAll(/`([^`]+)`/gu)].map(([, term = '']) => ({ term, line })));
}

function isDeclared(source: string, name: string): boolean {
  return new RegExp(
    `^export (?:async )?(?:function\\*? |interface |type |class |const )${name}\\b|^const ${name}\\b`,
    'mu',
  ).test(source);
}

/** The files of src/ that a line names; all files when it names none. */
function sourcesOf(line: string): string[] {
  const named = [...line.matchAll(/`(src\/[\w/.-]+\.ts)`/gu)].map(([, file = '']) => SOURCES.get(file) ?? '');
  return named.length > 0 ? named : [...SOURCES.values()];
}

describe.each(DOCUMENTS)('%s', (document) => {
  const text = textOf(document);

  it('names files that exist', () => {
    const files = quoted(text)
      .map(({ term }) => term)
      .filter(
        (term) => !term.includes('NAME') && /^(?:src|test|docs|overrides|cache|scripts|bench)\/[\w/.-]*$/u.test(term),
      );
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/gu)].map(([, target = '']) => target);
    const folder = path.join(ROOT, path.dirname(document));
    expect(links.filter((target) => !existsSync(path.join(folder, target)))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const text = textOf('docs/architecture.md');

  it('names functions that the files export which it names with them', () => {
    const functions = quoted(text).filter(({ term }) => /^[a-z]\w*\(\)$/u.test(term));
    expect(functions.length).toBeGreaterThan(10);
    const wrong = functions.filter(({ term, line }) =>
      sourcesOf(line).every((source) => !isDeclared(source, term.slice(0, -2))),
    );
    expect(wrong.map(({ term, line }) => `${term}: ${line}`)).toEqual([]);
  });

  it('names types and tables that exist', () => {
    const names = quoted(text).filter(({ term }) => /^[A-Z]\w*(?:[a-z]\w*|_\w+|S)$/u.test(term) && term !== 'NAME');
    expect(names.length).toBeGreaterThan(10);
    const wrong = names.filter(({ term }) => ![...SOURCES.values()].some((source) => isDeclared(source, term)));
    expect(wrong.map(({ term }) => term)).toEqual([]);
  });

  it('has every room with what it may import, as the test of the architecture holds it', () => {
    const [, rules = ''] = textOf('test/architecture.test.ts').split('MAY_IMPORT');
    const held = [...rules.matchAll(/^ {2}'?([\w-]+)'?: (\[[^\]]*\]),$/gmu)].flatMap(([, room = '', list = '']) =>
      room === 'report' ? [] : [[room, list.match(/[\w:-]+/gu) ?? []] as const],
    );
    expect(held.length).toBeGreaterThan(10);
    for (const [room, imports] of held) expect([room, importsTold(text, room)]).toEqual([room, imports]);
    const rooms = [...text.matchAll(/^\| `([\w-]+)` \| [^|]+ \| [^|]+ \|$/gmu)].map(([, room = '']) => room);
    expect(rooms.sort()).toEqual([...held.map(([room]) => room), 'cli', 'report'].sort());
  });
});

/** The rooms in the third column of the row of a room, as `base` or `types:base`. */
function importsTold(page: string, room: string): string[] {
  const row = new RegExp(`^\\| \`${room}\` \\| [^|]+ \\| ([^|]+) \\|$`, 'mu').exec(page)?.[1] ?? '';
  return row
    .split(', ')
    .filter((entry) => entry !== 'nothing')
    .map((entry) => entry.replace('types of ', 'types:').replaceAll('`', ''));
}
