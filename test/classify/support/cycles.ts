import { type PackagesWithoutCycles, withoutPackageCycles } from '../../../src/classify/package-cycles.ts';
import type { PackageFacts, PythonInput } from '../../../src/classify/package-facts.ts';
import { packageFacts, pythonInput } from './package.ts';

/** What a made-up package needs, by names; `leaf[x]` asks for an extra. */
export interface MadeNeeds {
  readonly needs?: readonly string[];
  readonly build?: readonly string[];
  readonly checks?: readonly string[];
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  readonly runner?: 'pytest' | null;
}

/** A package that says nothing but what it needs; each input is declared as it is written here. */
export function needing(
  name: string,
  { needs = [], build = [], checks = [], extras = {}, runner = null }: MadeNeeds,
): PackageFacts {
  return packageFacts({
    name,
    inputs: {
      'build-system': build.map(inputOf),
      nativeBuildInputs: [],
      buildInputs: [],
      dependencies: needs.map(inputOf),
      nativeCheckInputs: checks.map(inputOf),
    },
    optionalDependencies: Object.fromEntries(
      Object.entries(extras).map(([extra, members]) => [extra, members.map(inputOf)]),
    ),
    check: { runner, enabled: null, reason: null },
  });
}

function inputOf(text: string): PythonInput {
  const [, name = text, extras = ''] = /^([a-z0-9-]+)(?:\[(.*)\])?$/u.exec(text) ?? [];
  const origins = [{ kind: 'requirement', text: 'because', requirement: text } as const];
  return { ...pythonInput(name), extras: extras === '' ? [] : extras.split(','), origins };
}

/** Takes the cycles out, with a package set of which all is known. */
export function withoutCycles(
  packages: readonly PackageFacts[],
  {
    set = {},
    direct = [],
    elsewhere = true,
  }: {
    readonly set?: Readonly<Record<string, readonly string[]>>;
    readonly direct?: readonly string[];
    readonly elsewhere?: boolean;
  } = {},
): Promise<PackagesWithoutCycles> {
  const needsOf = (project: string): readonly string[] => (Object.hasOwn(set, project) ? (set[project] ?? []) : []);
  return withoutPackageCycles(packages, {
    implied: [],
    direct: new Set(direct),
    certainNeedsOf: needsOf,
    possibleNeedsOf: async (project) => needsOf(project),
    testsElsewhere: elsewhere,
  });
}
