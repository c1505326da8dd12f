import { compareText } from '../base/text.ts';
import { attributesOf, environmentExpression, packageSource } from './environment-packages.ts';
import type { EnvironmentRequest } from './environment-request.ts';
import { commandOf, usageLines } from './environment-usage.ts';
import { commentText } from './escape.ts';
import { printExpression } from './print.ts';
import { provenanceLines } from './single-file.ts';

/**
 * The beginning of a script that `nix-shell` runs in its environment. Packages of nixpkgs stand in it; generated ones do not fit into a line, so they are taken from a
 * file beside it. `run` is the interpreter of the script, with its options.
 */
export function shebangScript(request: EnvironmentRequest): string {
  const { packages, pure, run, beside } = request;
  const isPlain = packages.kind === 'generated' && packages.packages.length === 0;
  const words = [
    'nix-shell',
    ...(isPlain ? [] : [beside.file]),
    ...(pure ? ['--pure'] : []),
    '-i',
    run ?? commandOf(request),
    ...(isPlain ? packageWords(request) : []),
  ];
  const from = beside.command === null ? [] : [`${beside.file} lies beside it: ${beside.command} > ${beside.file}`];
  const comments = [...provenanceLines(request.header), ...usageLines(request), ...(isPlain ? [] : from)];
  return [
    '#! /usr/bin/env nix-shell',
    `#! ${words.map(nixShellWord).join(' ')}`,
    ...comments.map((line) => `# ${/^ */u.exec(line)?.[0] ?? ''}${commentText(line)}`),
    '',
    '',
  ].join('\n');
}

/** Newer versions of Nix (2.8 is one) give the nixpkgs of `-p` an argument `inNixShell`, which old ones refuse. */
const FIRST_FOR_P = '20.09';

function packageWords(request: EnvironmentRequest): readonly string[] {
  const packages = plainPackages(request);
  if (request.dialect.release >= FIRST_FOR_P) return ['-p', ...packages];
  const inputs = packages.map((each) => (/\s/u.test(each) ? `(${each})` : each)).join(' ');
  // What `-p` stands for.
  return ['-E', `with import <nixpkgs> { }; runCommand "shell" { buildInputs = [ ${inputs} ]; } ""`];
}

/** Expressions, each on one line. */
function plainPackages(request: EnvironmentRequest): readonly string[] {
  const source = packageSource(request);
  const expressions = request.dialect.environments.withPackages
    ? [environmentExpression(source, request)]
    : [...attributesOf(request)].sort(compareText).map(source.package);
  // `pkgs` is in scope there, and what is named has no blanks of its own.
  return expressions.map((each) => printExpression(each).replace(/\s+/gu, ' ').trim());
}

/** A word as nix-shell reads it in a line of a script: double quotes and backslashes are all that every version knows. */
function nixShellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `"${word.replace(/["\\]/gu, '\\$&')}"`;
}
