import { printable, withoutEscapes } from '../base/text.ts';
import type { Stage } from './finding.ts';

/** A line of a log, safe to show, without what Nix puts before the lines of a build. */
export interface LogLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Null: nothing before it tells. */
  readonly stage: Stage | null;
}

/** Beyond these a log explains nothing that its end does not. */
const MOST_LINES = 200_000;
const LONGEST_LINE = 4_000;

/**
 * The lines of a log of a build, each with the part of the build that it is from. Escape sequences and control characters are taken out, and of a very long log
 * the end is read.
 */
export function logLines(log: string): readonly LogLine[] {
  const all = log.split('\n');
  const skipped = Math.max(0, all.length - MOST_LINES);
  let stage: Stage | null = null;
  return all.slice(skipped).map((raw, index) => {
    const text = cleanLine(raw.slice(0, LONGEST_LINE));
    stage = stageAfter(text, stage);
    return { text, number: skipped + index + 1, stage };
  });
}

/** A line as a reader sees it: what a carriage return wrote over is gone, and so are escape sequences and Nix's prefixes (`name> `, `       > `). */
function cleanLine(raw: string): string {
  const line = withoutEscapes(raw).replace(/\r+$/u, '');
  const last = line.slice(line.lastIndexOf('\r') + 1);
  return printable(last).replace(/^(?: {7}> ?|[A-Za-z0-9][A-Za-z0-9+._-]*> )/u, '');
}

/** Phases and steps by name, as nixpkgs and its Python hooks call them. */
const STAGE_OF_PHASE: readonly (readonly [RegExp, Stage])[] = [
  [/^python(?:Imports|Catch)\w*$/u, 'imports'],
  [/^pythonRuntimeDepsCheck(?:Hook|Phase)?$/u, 'install'],
  [/^(?:unpack|patch)\w*Phase$/u, 'source'],
  [/^(?:configure|build|\w+Build|\w+Configure|cargoSetupPost\w+)Phase$/u, 'build'],
  [/^(?:install|\w+Install|fixup|dist)Phase$/u, 'install'],
  [/^(?:check|installCheck|\w+Check)Phase$/u, 'tests'],
];

/** Lines that begin a step without naming a phase: stdenv before 24.05, build front ends, test runners. */
const STAGE_OF_LINE: readonly (readonly [RegExp, Stage])[] = [
  [/^(?:unpacking sources|patching sources)$/u, 'source'],
  [/^(?:configuring|building)$/u, 'build'],
  [/^(?:installing|post-installation fixup)$/u, 'install'],
  [/^(?:running tests|running install tests)$/u, 'tests'],
  [/^\* (?:Getting build dependencies|Building wheel|Getting metadata)/u, 'build'],
  [/^Checking runtime dependencies for /u, 'install'],
  [/^Check whether the following modules can be imported:/u, 'imports'],
  [/^importing [\w.]+$/u, 'imports'],
  [/^=+ test session starts =+$/u, 'tests'],
  [/^running (?:build_ext|bdist_wheel|egg_info)$/u, 'build'],
];

function stageAfter(text: string, before: Stage | null): Stage | null {
  const phase = phaseIn(text);
  if (phase !== null) return STAGE_OF_PHASE.find(([pattern]) => pattern.test(phase))?.[1] ?? before;
  // A check of tests may well build something itself.
  const found = STAGE_OF_LINE.find(([pattern]) => pattern.test(text))?.[1];
  return found === undefined || (found === 'build' && before === 'tests') ? before : found;
}

/** line = ("Running phase: " | "Executing " | marks) phase | '@nix {"action":"setPhase","phase":"' phase '"}' */
function phaseIn(text: string): string | null {
  const told = /^@nix .*"phase": ?"(\w{1,80})"/u.exec(text) ?? /^(?:Running phase:|Executing) (\w{1,80})\b/u.exec(text);
  if (told !== null) return told[1] ?? null;
  return /^[=*#>~-]{1,8} ?(?:phase:? )?(\w{1,80}Phase)\b/u.exec(text)?.[1] ?? null;
}
