import type { Finding, Stage } from './finding.ts';
import { findingKey } from './finding.ts';
import { logLines } from './log-lines.ts';
import { MODULE_READERS } from './module-readers.ts';
import { NATIVE_READERS } from './native-readers.ts';
import { NIX_READERS } from './nix-readers.ts';
import { OTHER_READERS } from './other-readers.ts';
import { type Found, findingOf, readWith } from './reader.ts';
import { REQUIREMENT_READERS, readRequirementLists } from './requirement-readers.ts';
import { readFailedTests } from './test-readers.ts';

/** More explanations than these explain nothing. */
const MOST_FINDINGS = 40;

/**
 * What the log of a failed build, or the messages of a failed evaluation, say of its cause: each cause once, in the order of the log, tests last. Empty: nothing that is
 * known here. Only of use for what has failed, because a build that goes well may say the same of what it can do without.
 */
export function explainLog(
  log: string,
  { otherwise = 'build' }: { readonly otherwise?: Stage } = {},
): readonly Finding[] {
  const lines = logLines(log);
  const found: readonly Found[] = [
    ...readWith(NIX_READERS, lines),
    ...readRequirementLists(lines),
    ...readWith([...REQUIREMENT_READERS, ...MODULE_READERS, ...NATIVE_READERS, ...OTHER_READERS], lines),
  ];
  const causes = found.map((each) => findingOf(each, otherwise)).sort((a, b) => a.line - b.line);
  const last = lastStage(causes, lines.at(-1)?.stage ?? null);
  const firm = withoutProbes(causes.filter((each) => counts(each, last)));
  const tests = readFailedTests(lines).map((each) => findingOf(each, 'tests'));
  return withoutRepetition([...firm, ...tests]).slice(0, MOST_FINDINGS);
}

const STAGES: readonly Stage[] = ['evaluate', 'source', 'build', 'install', 'imports', 'tests'];

/** The part of the build in which it ended. */
function lastStage(causes: readonly Finding[], told: Stage | null): Stage {
  if (told !== null) return told;
  return causes.map(({ stage }) => stage).sort((a, b) => STAGES.indexOf(b) - STAGES.indexOf(a))[0] ?? 'build';
}

/** A build that came as far as its tests was not stopped by what its compiler missed before: that was optional. What setuptools passes over may be what is then not there to import. */
function counts({ cause, stage }: Finding, last: Stage): boolean {
  if (cause.kind === 'requirement' && stage === 'build' && last === 'imports') return true;
  return STAGES.indexOf(stage) >= STAGES.indexOf(last === 'install' ? 'build' : last === 'tests' ? 'imports' : last);
}

/** How many lines a compiler and what calls it may say between two misses of one failure. */
const LINES_OF_ONE_FAILURE = 40;

/** A build that looks for what it can do without goes on after each miss: the last misses are what stopped it. */
function withoutProbes(findings: readonly Finding[]): readonly Finding[] {
  const last = findings.findLast(isNative)?.line ?? 0;
  return findings.filter((finding) => !isNative(finding) || finding.line >= last - LINES_OF_ONE_FAILURE);
}

function isNative({ cause, stage }: Finding): boolean {
  return stage === 'build' && (cause.kind === 'library' || cause.kind === 'program');
}

function withoutRepetition(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = findingKey(finding);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
