import path from 'node:path';
import { shellQuote } from '../base/shell-quote.ts';
import { redactText } from '../net/redact.ts';
import type { NixpkgsChoice } from './options/nixpkgs-choice.ts';
import type { GenerateOptions } from './options.ts';

/**
 * The command for the header of the output: what decides the result, in a fixed order, quoted for a POSIX shell. Indexes, caches, folders and colours are left out, because they
 * may hold paths and credentials; of other files only their names stand. `command`: the words before them.
 */
export function commandForHeader(options: GenerateOptions, command: readonly string[] = ['pypi2nix']): string {
  const flags: (readonly [string, string | null])[] = [
    ['--deps', options.deps === 'missing' ? null : options.deps],
    ['--release', options.release],
    ['--nixpkgs', nixpkgsWord(options.nixpkgs)],
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
    options.relax ? '--relax' : null,
    options.pre ? '--pre' : null,
    options.checks ? null : '--no-checks',
    options.withChecks ? '--with-checks' : null,
  ];
  const words = [
    ...flags.flatMap(([flag, value]) => (value === null ? [] : [flag, value])),
    ...switches.filter((flag) => flag !== null),
    ...options.requirements,
  ];
  return [...command, ...words].map(shellQuote).join(' ');
}

/** Of a folder only its name stands. */
function nixpkgsWord(choice: NixpkgsChoice): string | null {
  switch (choice.kind) {
    case 'builtin':
      return null;
    case 'none':
      return 'none';
    case 'flake':
      return redactText(choice.reference);
    case 'path':
      return choice.path.startsWith('<') ? choice.path : path.basename(choice.path);
  }
}
