import { projectOfFixture } from '../classify/pytest-fixtures.ts';
import type { LogLine } from './log-lines.ts';
import {
  projectOfHatchlingPlugin,
  projectOfMark,
  projectOfPytestOption,
  projectOfSetuptoolsCommand,
  projectOfSetuptoolsKeyword,
} from './plugin-tables.ts';
import type { Found, Reader } from './reader.ts';

/**
 * Python projects that a log says are missing or do not fit: the checks of pypa/build, of pip and of nixpkgs' hooks, pkg_resources, setuptools, and the plugins of
 * pytest, setuptools and hatchling, which are told by what they would have brought.
 */
export const REQUIREMENT_READERS: readonly Reader[] = [
  // pythonRuntimeDepsCheckHook of nixpkgs, from 23.11
  {
    pattern: /^\s*- ([A-Za-z0-9][\w.-]{0,100}) not installed$/u,
    read: ([, name = '']) => missing(name, 'install'),
  },
  {
    pattern: /^\s*- ([A-Za-z0-9][^\s]{0,300}(?:, ?[^\s]{1,100}){0,20}) not satisfied by version (\S{1,100})$/u,
    read: ([, requirement = '', found = '']) => unfit(requirement, found, 'install'),
  },
  // pip check of nixpkgs before, and pip where it installs what was built
  {
    pattern: /^\s*ERROR: No matching distribution found for ([A-Za-z0-9].{0,300})$/u,
    read: ([, requirement = '']) => unclear(requirement),
  },
  {
    pattern: /^ERROR: Some build dependencies for .{1,500}? are missing: (.{1,2000}?)\.?$/u,
    read: ([, names = '']) => quoted(names).map((name) => missing(name, 'build')),
  },
  {
    pattern: /^ERROR: Some build dependencies for .{1,500}? conflict with .{1,200}?: (.{1,2000}?)\.?$/u,
    read: ([, clauses = '']) =>
      quoted(clauses).flatMap((clause) => {
        const [, found = '', requirement = ''] = /^\S+ (\S+) is incompatible with (.+)$/u.exec(clause) ?? [];
        return requirement === '' ? [] : [unfit(requirement, found, 'build')];
      }),
  },
  {
    pattern: /^\S.{0,200} requires (.{1,200}), which is not installed\.$/u,
    read: ([, requirement = '']) => missing(requirement, 'install'),
  },
  {
    pattern:
      /^\S.{0,200} has requirement (.{1,200}), but you(?:'ll)? have \S{1,100} (\S{1,60}?)(?: which is incompatible)?\.$/u,
    read: ([, requirement = '', found = '']) => unfit(requirement, found, 'install'),
  },
  // pkg_resources, setuptools and importlib.metadata
  {
    pattern: /DistributionNotFound: The '([^']{1,300})' distribution was not found/u,
    read: ([, requirement = '']) => missing(requirement, null),
  },
  {
    pattern:
      /(?:ContextualVersionConflict|VersionConflict): \(\S{1,200} (\S{1,100}) \(.{1,400}?\), Requirement\.parse\('([^']{1,300})'\)/u,
    read: ([, found = '', requirement = '']) => unfit(requirement, found, null),
  },
  {
    pattern: /Could not find suitable distribution for Requirement\.parse\('([^']{1,300})'\)/u,
    read: ([, requirement = '']) => missing(requirement, 'build'),
  },
  {
    pattern: /PackageNotFoundError: (?:No package metadata was found for )?([A-Za-z0-9][\w.-]{0,100})$/u,
    read: ([, name = '']) => missing(name, null),
  },
  {
    pattern: /error: invalid command '(\w{1,60})'/u,
    read: ([, command = '']) => known(projectOfSetuptoolsCommand(command), 'build'),
  },
  {
    pattern: /Unknown distribution option: '(\w{1,60})'/u,
    read: ([, keyword = '']) => known(projectOfSetuptoolsKeyword(keyword), 'build'),
  },
  {
    pattern: /Unknown (?:version source|version scheme|metadata hook|build hook|plugin): [`'"]?([\w-]{1,60})/u,
    read: ([, plugin = '']) => known(projectOfHatchlingPlugin(plugin), 'build'),
  },
  // What Cython would have made of a .pyx, and what setuptools says of that itself
  {
    pattern: /error: unknown file type '\.pyx'/u,
    read: () => missing('cython', 'build'),
  },
  {
    pattern: /error: '?[\w./+-]{1,300}\.(?:c|cc|cpp|cxx)'?: No such file or directory/u,
    stages: ['build'],
    read: () => missing('cython', 'build'),
  },
  // Only that its backend cannot be imported; where a module of the backend is what is missing, the trace has said so.
  {
    pattern: /(?:^ERROR Backend|BackendUnavailable: Cannot import) '([\w.]{1,200})'/u,
    read: ([, module = '']) => ({ cause: { kind: 'module', module, inside: null }, stage: 'build' }),
  },
  // Plugins of pytest
  {
    pattern: /error: unrecognized arguments: (.{1,1000})$/u,
    read: ([, words = '']) =>
      words.split(' ').flatMap((word) => {
        const project = projectOfPytestOption(word.split('=')[0] ?? word);
        return project === null ? [] : [missing(project, 'tests')];
      }),
  },
  {
    pattern: /^ERROR: Missing required plugins: (.{1,500})$/u,
    read: ([, names = '']) => names.split(',').map((name) => missing(name.trim(), 'tests')),
  },
  {
    pattern: /^E\s+fixture '(\w{1,60})' not found$/u,
    read: ([, fixture = '']) => known(projectOfFixture(fixture), 'tests'),
  },
  {
    pattern: /(?:Unknown pytest\.mark\.|^E?\s*')(\w{1,60})(?:'? not found in `markers`| - is this a typo)/u,
    read: ([, mark = '']) => known(projectOfMark(mark), 'tests'),
  },
  // Builders that compare requirements themselves, and say so in words of their own
  {
    pattern:
      /^(?:\w+: )?(?:missing|undeclared|unmet) (build|runtime|run-time|test)?[ -]?(?:time )?(?:requirement|dependency|module|package): ([A-Za-z0-9]\S{0,300})$/iu,
    read: ([, when = '', requirement = '']) => missing(requirement, when === '' ? null : stageOf(when)),
  },
];

/** Heads of lists of requirements; each line below, further in, is one. */
const LIST_HEADS: readonly { readonly pattern: RegExp; readonly stage: 'build' | 'install' }[] = [
  // pypa/build: `Missing dependencies:`, from 2026 on `Unmet dependencies (checked against …):`
  { pattern: /^(?:ERROR )?(?:Missing|Unmet) dependencies(?: \(checked against .{1,400}\))?:$/u, stage: 'build' },
  {
    pattern: /^(?:\w+: )?(?:undeclared|missing|unmet) build[ -](?:requirements|dependencies)\b.{0,200}:$/iu,
    stage: 'build',
  },
  {
    pattern: /^(?:\w+: )?(?:undeclared|missing|unmet) (?:run-?time )?(?:requirements|dependencies)\b.{0,200}:$/iu,
    stage: 'install',
  },
];

/**
 * Lists of requirements with a head.
 *
 *     list = head { indent ( requirement { " -> " requirement } [ ": not there" | ": " version " is there" ] | "wanted: " … | "found: " … ) }
 */
export function readRequirementLists(lines: readonly LogLine[]): readonly Found[] {
  const found: Found[] = [];
  for (const [at, line] of lines.entries()) {
    const head = LIST_HEADS.find(({ pattern }) => pattern.test(line.text));
    if (head === undefined) continue;
    for (let below = at + 1; below < lines.length; below += 1) {
      const entry = lines[below];
      if (entry === undefined || !/^\s+\S/u.test(entry.text)) break;
      const text = entry.text.trim();
      if (/^(?:wanted|found): /u.test(text)) continue;
      const has = /^found: (.{1,100})$/u.exec(lines[below + 2]?.text.trim() ?? '')?.[1];
      found.push({ ...entryOf(text, { stage: head.stage, has: has ?? null }), line: entry });
    }
  }
  return found;
}

function entryOf(
  text: string,
  { stage, has }: { readonly stage: 'build' | 'install'; readonly has: string | null },
): Omit<Found, 'line'> {
  const told = /^(.{1,300}?): (?:(not there)|(\S{1,100}) is there)$/u.exec(text);
  const last = (told?.[1] ?? text).split(' -> ').at(-1) ?? text;
  if (told?.[2] !== undefined || has === 'not installed') return missing(last, stage);
  const version = told?.[3] ?? has;
  return version === null || version === undefined ? { ...unclear(last), stage } : unfit(last, version, stage);
}

function missing(requirement: string, stage: Found['stage']): Omit<Found, 'line'> {
  return {
    cause: { kind: 'requirement', requirement: withoutMarker(requirement), found: null, isMissing: true },
    stage,
  };
}

function unfit(requirement: string, found: string, stage: Found['stage']): Omit<Found, 'line'> {
  return { cause: { kind: 'requirement', requirement: withoutMarker(requirement), found, isMissing: false }, stage };
}

function unclear(requirement: string): Omit<Found, 'line'> {
  const cause = {
    kind: 'requirement',
    requirement: withoutMarker(requirement),
    found: null,
    isMissing: false,
  } as const;
  return { cause, stage: null };
}

function known(project: string | null, stage: Found['stage']): readonly Omit<Found, 'line'>[] {
  return project === null ? [] : [missing(project, stage)];
}

function withoutMarker(requirement: string): string {
  return (requirement.split(';')[0] ?? requirement).trim();
}

function stageOf(when: string): 'build' | 'install' | 'tests' {
  const word = when.toLowerCase();
  return word === 'build' ? 'build' : word === 'test' ? 'tests' : 'install';
}

/** What stands in single quotes. */
function quoted(text: string): readonly string[] {
  return [...text.matchAll(/'([^']{1,300})'/gu)].map(([, inside = '']) => inside);
}
