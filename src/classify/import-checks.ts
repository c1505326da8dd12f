import { joinWords } from '../base/text.ts';
import { projectOfModule } from './module-projects.ts';
import type { PackageFacts } from './package-facts.ts';

/**
 * The packages without the modules of `pythonImportsCheck` whose import is known to fail: what it imports belongs to nothing that the package requires, directly or
 * not. A note tells each. Where a requirement comes from the package set, or the modules of one are not known, the check stays.
 */
export function withoutFailingImports(packages: readonly PackageFacts[]): readonly PackageFacts[] {
  const byName = new Map(packages.map((facts) => [facts.name, facts]));
  return packages.map((facts) => {
    const needsOf = (module: string): readonly string[] =>
      facts.importNeeds !== undefined && Object.hasOwn(facts.importNeeds, module)
        ? (facts.importNeeds[module] ?? [])
        : [];
    if (!facts.importsCheck.some((module) => needsOf(module).length > 0)) return facts;
    const there = requiredBy(facts, byName);
    if (there === null || there.some(({ importsCheck }) => importsCheck.length === 0)) return facts;
    const names = new Set(there.map(({ name }) => name));
    const modules = new Set(there.flatMap(({ importsCheck }) => importsCheck.map(topOf)));
    const isThere = (module: string): boolean => modules.has(module) || names.has(projectOfModule(module, names));
    const failing = facts.importsCheck.flatMap((module) => {
      const absent = needsOf(module).filter((needed) => !isThere(needed));
      return absent.length === 0 ? [] : [{ module, absent }];
    });
    if (failing.length === 0) return facts;
    const left = new Set(failing.map(({ module }) => module));
    const notes = failing.map(({ module, absent }) => ({
      kind: 'omitted' as const,
      text: `${module} is left out of pythonImportsCheck: it imports ${joinWords(absent)}, which none of its requirements brings along`,
      project: facts.name,
    }));
    return {
      ...facts,
      importsCheck: facts.importsCheck.filter((module) => !left.has(module)),
      notes: [...facts.notes, ...notes],
    };
  });
}

/** The package and all that is there when it is imported; null where some of that is not generated. */
function requiredBy(facts: PackageFacts, byName: ReadonlyMap<string, PackageFacts>): readonly PackageFacts[] | null {
  const found = new Set([facts]);
  for (const each of found) {
    const ofExtras = each === facts ? [] : Object.values(each.optionalDependencies).flat();
    for (const input of [...each.inputs.dependencies, ...each.inputs.buildInputs, ...ofExtras]) {
      if (input.kind !== 'python') continue;
      const required = byName.get(input.name);
      if (required === undefined) return null;
      found.add(required);
    }
  }
  return [...found];
}

function topOf(module: string): string {
  return module.split('.', 1)[0] ?? module;
}
