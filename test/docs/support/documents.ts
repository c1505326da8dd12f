import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Paths of all documents in the project, with `/`. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(path.join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];

/** The text of a file of the project. */
export function textOf(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

/** A block that a document shows: its language and text. */
export interface Shown {
  readonly language: string;
  readonly text: string;
}

/**
 * A document with each block between `<!-- BEGIN name -->` and `<!-- END name -->` written anew; language `table` stands without a fence.
 * Throws Error when the names of the document are not those of the blocks.
 */
export function withBlocks(document: string, blocks: ReadonlyMap<string, Shown>): string {
  const used = new Set<string>();
  const text = document.replace(
    /^<!-- BEGIN ([\w-]+) -->\n[\s\S]*?^<!-- END \1 -->$/gmu,
    (_whole: string, name: string) => {
      const block = blocks.get(name);
      if (block === undefined) throw new Error(`nothing is known of the block ${name}`);
      used.add(name);
      const lines = block.text.replace(/\n+$/u, '');
      const content = block.language === 'table' ? lines : `\`\`\`${block.language}\n${lines}\n\`\`\``;
      return `<!-- BEGIN ${name} -->\n${content}\n<!-- END ${name} -->`;
    },
  );
  const missing = [...blocks.keys()].filter((name) => !used.has(name));
  if (missing.length > 0) throw new Error(`the document has no block ${missing.join(', ')}`);
  return text;
}

/** A fenced block of a document; `label` is that of a comment `<!-- tested: label -->` or `<!-- BEGIN label -->` above it. */
export interface CodeBlock extends Shown {
  readonly label: string | null;
}

/** All fenced blocks of a document in order. */
export function codeBlocks(document: string): CodeBlock[] {
  const pattern = /(?:^<!-- (?:tested:|BEGIN) ([\w-]+) -->\n)?^```(\w*)\n([\s\S]*?)^```$/gmu;
  return [...document.matchAll(pattern)].map(([, label = null, language = '', text = '']) => ({
    label,
    language,
    text,
  }));
}

/** The text of the one block with a label. Throws Error when there is none. */
export function blockOf(document: string, label: string): string {
  const block = codeBlocks(document).find((each) => each.label === label);
  if (block === undefined) throw new Error(`no block ${label}`);
  return block.text;
}

/** The lines of all `sh` blocks of a document, one command each. */
export function shellCommands(document: string): string[] {
  return codeBlocks(document)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => line !== '');
}
