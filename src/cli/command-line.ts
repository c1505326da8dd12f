import path from 'node:path';
import type { GenerateOptions } from './options.ts';

/**
 * The command for the header of the output: what decides the result, in a fixed order, quoted for a POSIX shell. Indexes, caches, folders and colours are left out, because they
 * may hold paths and credentials; of other files only their names stand.
 */
export function commandForHeader(options: GenerateOptions): string {
  const flags: (readonly [string, string | null])[] = [
    ['--deps', options.deps === 'missing' ? null : options.deps],
    ['--release', options.release],
    ['--nixpkgs', options.nixpkgs === 'builtin' ? null : options.nixpkgs],
    ['--python', options.pythons?.join(',') ?? null],
    ['--platform', options.platforms?.join(',') ?? null],
    [
      '--extras',
      typeof options.extras !== 'string'
        ? options.extras.join(',')
        : options.extras === 'available'
          ? null
          : options.extras,
    ],
    ['--format', options.format === 'sdist' ? null : options.format],
    ['--resolution', options.resolution === 'highest' ? null : options.resolution],
    ['--prefer', options.prefer === null ? null : path.basename(options.prefer)],
    ['--as-of', options.asOf],
    ['--hash', options.hash],
    ...options.maintainers.map((handle) => ['--maintainer', handle] as const),
    ...options.constraintFiles.map((file) => ['-c', path.basename(file)] as const),
    ...options.requirementFiles.map((file) => ['-r', path.basename(file)] as const),
    ...options.projectFiles.map((file) => ['-p', path.basename(file)] as const),
    ...options.groups.map((group) => ['--group', group] as const),
    ['--lock', options.lock === null ? null : path.basename(options.lock)],
  ];
  const switches = [
    options.bootstrap ? '--bootstrap' : null,
    options.pre ? '--pre' : null,
    options.checks ? null : '--no-checks',
    options.withChecks ? '--with-checks' : null,
  ];
  const words = [
    ...flags.flatMap(([flag, value]) => (value === null ? [] : [flag, value])),
    ...switches.filter((flag) => flag !== null),
    ...options.requirements,
  ];
  return ['pypi2nix', ...words.map(shellQuote)].join(' ');
}

/** A word as a POSIX shell reads it back: plain where that is safe, else in single quotes. */
function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
