import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Which rooms a room may import; `types:` before a room means that only its types may be used. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  pep: ['base'],
  archive: ['base'],
  cache: ['base'],
  net: ['base', 'cache'],
  index: ['base', 'pep', 'net', 'cache'],
  metadata: ['base', 'pep', 'archive', 'net', 'index'],
  'nix-run': ['base'],
  nixpkgs: ['base', 'pep', 'cache', 'nix-run'],
  resolve: ['base', 'pep'],
  source: ['base', 'pep', 'archive', 'net', 'cache'],
  lock: ['base', 'pep', 'types:resolve'],
  classify: ['base', 'pep', 'types:metadata', 'types:resolve', 'types:nixpkgs'],
  overrides: ['base', 'pep', 'types:classify'],
  nix: ['base', 'types:pep', 'types:classify'],
  check: ['base', 'pep', 'nix-run', 'classify', 'overrides', 'types:nix', 'types:nixpkgs'],
  repository: ['base', 'pep', 'nix', 'cache', 'types:lock'],
  report: [
    'base',
    ...[
      'pep',
      'archive',
      'cache',
      'net',
      'index',
      'metadata',
      'nixpkgs',
      'resolve',
      'source',
      'lock',
      'classify',
      'overrides',
      'nix-run',
      'nix',
      'check',
      'repository',
    ].map((room) => `types:${room}`),
  ],
};

/** What only rooms that do I/O may import from outside. */
const IO_ROOMS: ReadonlySet<string> = new Set([
  'archive',
  'cache',
  'net',
  'index',
  'metadata',
  'nixpkgs',
  'overrides',
  'source',
  'nix-run',
  'repository',
  'cli',
]);
const IO_MODULES = /^(?:node:(?:fs|http|https|net|child_process|os|tls|dns)(?:\/|$)|undici$)/u;

interface Import {
  readonly file: string;
  readonly from: string;
  readonly typeOnly: boolean;
}

describe('the rooms of src/', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const imports = files.flatMap((file) => importsOf(file));

  it('import only the rooms that the table allows', () => {
    const wrong = imports.filter((entry) => !isAllowed(entry)).map(({ file, from }) => `${file} imports ${from}`);
    expect(wrong).toEqual([]);
  });

  it('do no input or output where the table says pure', () => {
    const wrong = imports
      .filter(({ file, from }) => !IO_ROOMS.has(roomOf(file)) && IO_MODULES.test(from))
      .map(({ file, from }) => `${file} imports ${from}`);
    expect(wrong).toEqual([]);
  });

  it('have files of at most 400 lines', () => {
    const long = files.filter((file) => readFileSync(path.join(SRC, file), 'utf8').split('\n').length > 400);
    expect(long).toEqual([]);
  });

  it('load what is slow to load only when it is needed', () => {
    const slow = ['undici', '@socketregistry/packageurl-js', './undici-library.ts', './package-url-library.ts'];
    const eager = imports.filter(
      ({ file, from, typeOnly }) => slow.includes(from) && !typeOnly && !file.endsWith('-library.ts'),
    );
    expect(eager).toEqual([]);
  });
});

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(SRC, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\s+from\s+)?'([^']+)'/gmu)].map((match) => ({
    file,
    from: match[2] ?? '',
    typeOnly: match[1] !== undefined,
  }));
}

function roomOf(file: string): string {
  return file.includes(path.sep) ? (file.split(path.sep)[0] ?? '') : 'main';
}

function isAllowed({ file, from, typeOnly }: Import): boolean {
  if (!from.startsWith('.')) return true;
  const room = roomOf(file);
  const target = roomOf(path.relative(SRC, path.resolve(SRC, path.dirname(file), from)));
  if (room === target) return true;
  if (room === 'main') return target === 'cli';
  if (room === 'cli') return target !== 'main';
  const allowed = MAY_IMPORT[room] ?? [];
  return allowed.includes(target) || (typeOnly && allowed.includes(`types:${target}`));
}
