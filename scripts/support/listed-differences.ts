import { ATTRIBUTES, type Attribute } from './project-lists.ts';

/** A difference that somebody has judged. */
export interface ListedDifference {
  readonly project: string;
  readonly attribute: Attribute;
  readonly name: string;
  /** `here`: nixpkgs is wrong; `choice`: it chose otherwise; `nixpkgs`: we are wrong, so that the difference counts in every figure. */
  readonly right: 'here' | 'choice' | 'nixpkgs';
}

const HEADER = ['project', 'attribute', 'name', 'who is right'];

/**
 * The rows of the tables of a Markdown text whose header begins `| project | attribute | name | who is right |`; a row may have several names, with commas.
 * Other tables are passed over. Throws an Error with the line for a row that means nothing.
 *
 *     row = "|" project "|" attribute "|" name *( "," name ) "|" ( "here" / "choice" / "nixpkgs" ) "|" *( any "|" )
 */
export function parseListedDifferences(markdown: string): readonly ListedDifference[] {
  const listed: ListedDifference[] = [];
  let isInside = false;
  for (const [index, line] of markdown.split(/\r?\n/u).entries()) {
    const cells = cellsOf(line);
    if (cells === null) {
      isInside = false;
    } else if (!isInside) {
      isInside = HEADER.every((title, column) => cells[column]?.toLowerCase() === title);
    } else if (!cells.every((cell) => /^:?-+:?$/u.test(cell))) {
      listed.push(...differencesOf(cells, index + 1));
    }
  }
  return listed;
}

function cellsOf(line: string): string[] | null {
  const row = line.trim();
  if (!row.startsWith('|') || !row.endsWith('|') || row.length < 2) return null;
  return row
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.replaceAll('`', '').trim());
}

function differencesOf(cells: readonly string[], line: number): ListedDifference[] {
  const [project = '', attribute = '', names = '', right = ''] = cells;
  const known = ATTRIBUTES.find((one) => one === attribute);
  if (known === undefined)
    throw new Error(`line ${line}: ${JSON.stringify(attribute)} is none of ${ATTRIBUTES.join(', ')}`);
  if (right !== 'here' && right !== 'choice' && right !== 'nixpkgs')
    throw new Error(`line ${line}: ${JSON.stringify(right)} is none of here, choice, nixpkgs`);
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => ({ project, attribute: known, name, right }));
}
