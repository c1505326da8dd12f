import type { Reader } from './reader.ts';

/** What Nix itself says, of evaluations and of files whose digest is given: old releases with typographic quotes, too. */
export const NIX_READERS: readonly Reader[] = [
  {
    pattern: /called without required argument ['"‘`]([^'"’`]{1,200})['"’`]/u,
    read: ([, name = '']) => ({ cause: { kind: 'formal', name }, stage: 'evaluate' }),
  },
  {
    pattern: /^\s*error:? .{0,200}attribute ['"‘`]([^'"’`]{1,200})['"’`] missing/u,
    read: ([, name = '']) => ({ cause: { kind: 'attribute', name }, stage: 'evaluate' }),
  },
  {
    pattern: /undefined variable ['"‘`]([^'"’`]{1,200})['"’`]/u,
    read: ([, name = '']) => ({ cause: { kind: 'attribute', name }, stage: 'evaluate' }),
  },
  {
    pattern: /infinite recursion encountered|stack overflow(?:;| \()|max-call-depth exceeded/u,
    read: () => ({ cause: { kind: 'recursion' }, stage: 'evaluate' }),
  },
  {
    pattern: /\bsyntax error, (.{1,200})$/u,
    read: ([, what = '']) => ({ cause: { kind: 'syntax', what }, stage: 'evaluate' }),
  },
  {
    pattern:
      /((?:is marked as (?:broken|insecure)|has an unfree license|is not available on the requested hostPlatform|not supported for interpreter).{0,200})/u,
    read: ([, what = '']) => ({ cause: { kind: 'refused', what }, stage: 'evaluate' }),
  },
  // Nix from 2.4
  {
    pattern: /^\s*error: hash mismatch in fixed-output derivation ['‘]([^'’]{1,300})['’]/u,
    read: ([, what = ''], { lines, at }) => {
      const below = lines.slice(at + 1, at + 8).map(({ text }) => text);
      const stated = valueBehind(below, /^\s*(?:specified|wanted): +(\S{1,120})/u);
      const got = valueBehind(below, /^\s*got: +(\S{1,120})/u);
      return got === null ? null : { cause: { kind: 'hash', what: nameOfPath(what), stated, got }, stage: 'source' };
    },
  },
  // Nix 2.0 to 2.3
  {
    pattern: /^\s*(?:error: )?(?:.{0,200} )?hash mismatch in fixed-output derivation ['‘]([^'’]{1,300})['’]:$/u,
    read: () => null,
  },
  {
    pattern:
      /fixed-output derivation produced path ['‘]([^'’]{1,300})['’] with \S{1,20} hash ['‘]([^'’]{1,120})['’] instead of the expected hash ['‘]([^'’]{1,120})['’]/u,
    read: ([, what = '', got = '', stated = '']) => ({
      cause: { kind: 'hash', what: nameOfPath(what), stated, got },
      stage: 'source',
    }),
  },
  // Nix 1
  {
    pattern:
      /output path ['‘]([^'’]{1,300})['’] (?:has|should have) (?:\S{1,20} )?hash ['‘]([^'’]{1,120})['’] (?:when|instead of) ['‘]([^'’]{1,120})['’]/u,
    read: ([, what = '', got = '', stated = '']) => ({
      cause: { kind: 'hash', what: nameOfPath(what), stated, got },
      stage: 'source',
    }),
  },
  {
    pattern: /(?:unable to download|cannot download) ['"‘]?([^'"’\s]{1,300})/u,
    read: ([, what = '']) => ({ cause: { kind: 'network', what }, stage: 'source' }),
  },
  {
    pattern: /^(?:error: )?curl: \(\d+\) (?:Could not resolve host: )?(.{1,200})$/u,
    read: ([, what = '']) => ({ cause: { kind: 'network', what }, stage: null }),
  },
];

function valueBehind(lines: readonly string[], pattern: RegExp): string | null {
  for (const line of lines) {
    const value = pattern.exec(line)?.[1];
    if (value !== undefined) return value;
  }
  return null;
}

/** `/nix/store/HASH-lxml-6.0.tar.gz.drv` gives `lxml-6.0.tar.gz`. */
function nameOfPath(path: string): string {
  return path.replace(/^.*\/[0-9a-z]{32}-/u, '').replace(/\.drv$/u, '');
}
