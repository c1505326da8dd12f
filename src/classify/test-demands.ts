import type { RequirementGroups, SdistFacts } from '../metadata/release-facts.ts';
import { formatRequirement } from '../pep/requirement.ts';
import type { ExtraMembers } from './extra-members.ts';
import { statedText } from './stated-text.ts';
import { isDevelopmentGroup, isOptionalTestGroup, isTestGroup } from './test-tools.ts';
import { type Demand, declaredAt, demandsOf, nameOf, namesOf } from './why.ts';

export interface DemandOptions {
  /** The requirements of the release by extra. */
  readonly members: ExtraMembers;
  /** Where the requirements of extras stand. */
  readonly extrasFrom?: {
    readonly file?: string;
    readonly line?: number;
    /** The line of each requirement, where they stand apart. */
    readonly lines?: Readonly<Record<string, number>>;
  };
}

/** What the release states for its tests. */
export interface StatedDemand extends Demand {
  /** It stands in groups alone that hold what the tests can do without. */
  readonly isOptional?: boolean;
}

/** What test extras, dependency groups, groups of tools and `tests_require` name. */
export function declaredTestDemands(facts: SdistFacts, options: DemandOptions): StatedDemand[] {
  const pyproject = facts.pyproject;
  const all: StatedDemand[] = [
    ...groupDemands(pyproject?.dependencyGroups ?? {}, 'the dependency group', pyproject?.groupLines),
    ...groupDemands(pyproject?.toolGroups ?? {}, 'the group', pyproject?.groupLines),
    ...extraDemands(options),
    ...(facts.setupScript === null ? [] : demandsOf(facts.setupScript.testsRequire, 'tests_require')),
    ...(facts.setupCfg === null ? [] : demandsOf(facts.setupCfg.testsRequire, 'tests_require')),
  ];
  const firm = namesOf(all.filter(({ isOptional }) => isOptional !== true));
  return all.map((demand) => (firm.has(nameOf(demand.text) ?? '') ? { ...demand, isOptional: false } : demand));
}

/** What tox and nox install. */
export function environmentDemands(facts: SdistFacts): Demand[] {
  return [...demandsOf(facts.toxDeps, 'the tox environments'), ...demandsOf(facts.noxDeps, 'the sessions of nox')];
}

function groupDemands(
  groups: RequirementGroups,
  what: string,
  lines: Readonly<Record<string, number>> = {},
): StatedDemand[] {
  return Object.entries(groups)
    .filter(([group]) => isTestGroup(group))
    .flatMap(([group, texts]) => {
      const line = Object.hasOwn(lines, group) ? lines[group] : undefined;
      const place = { file: 'pyproject.toml', ...(line === undefined ? {} : { line }) };
      const isOptional = isOptionalTestGroup(group);
      return texts.map((text) => ({ text, origin: declaredAt(`${what} ${group}`, place, text), isOptional }));
    });
}

/** Requirements of test extras, which stand in the metadata as `name; extra == "test"`. */
function extraDemands({ members, extrasFrom: { file, line, lines = {} } = {} }: DemandOptions): StatedDemand[] {
  const place = { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
  return members.extras.filter(isTestGroup).flatMap((extra) =>
    members.membersOf(extra).map(({ requirement, stated }): StatedDemand => {
      const text = statedText(stated);
      const own = Object.hasOwn(lines, text) ? lines[text] : undefined;
      const at = own === undefined ? place : { ...place, line: own };
      const origin = { kind: 'requirement', text: `declared in the extra ${extra}`, ...at } as const;
      return {
        text: formatRequirement(requirement),
        origin: { ...origin, requirement: text },
        isOptional: isOptionalTestGroup(extra),
      };
    }),
  );
}

/** What other groups name: not taken as inputs, but it tells which project has a module that the tests import. */
export function developmentDemands(facts: SdistFacts, { members }: DemandOptions): Demand[] {
  const groups = { ...(facts.pyproject?.toolGroups ?? {}), ...(facts.pyproject?.dependencyGroups ?? {}) };
  const files = facts.requirementFiles.flatMap((file) =>
    file.requirements.map((text) => ({ text, origin: declaredAt(file.path, { file: file.path }, text) })),
  );
  const grouped = Object.entries(groups).flatMap(([group, texts]) =>
    texts.map((text) => ({ text, origin: declaredAt(group, { file: 'pyproject.toml' }, text) })),
  );
  const extras = members.extras.filter(isDevelopmentGroup).flatMap((extra) =>
    members.membersOf(extra).map(({ requirement, stated }) => ({
      text: formatRequirement(requirement),
      origin: { kind: 'requirement', text: `declared in the extra ${extra}`, requirement: statedText(stated) } as const,
    })),
  );
  return [...grouped, ...files, ...extras];
}
