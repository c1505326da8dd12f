import type { Note } from '../base/note.ts';
import { compareText, sortedUnique } from '../base/text.ts';
import type { DisabledTest } from '../classify/package-facts.ts';
import { type Expression, identifier, type ListItem, list, string } from './expression.ts';
import { commentsFor } from './identity-attributes.ts';
import type { Attribute, AttributeGroup, PackageContext } from './package-expression.ts';
import type { PackageToPrint } from './package-names.ts';

/** `doCheck`, the tests that are not run, and the imports check. */
export function checkAttributes(printed: PackageToPrint, { dialect }: PackageContext): AttributeGroup {
  const { facts } = printed;
  const { enabled, reason } = facts.check;
  const attributes: Attribute[] = [];
  const notes: Note[] = [];
  if (enabled !== null)
    attributes.push({
      name: 'doCheck',
      value: identifier(String(enabled)),
      comments: [...(reason === null ? [] : [reason]), ...commentsFor(printed, ['doCheck'])],
    });
  for (const name of ['disabledTests', 'disabledTestPaths'] as const) {
    const tests = facts[name];
    if (tests.length === 0 || enabled === false) continue;
    if (dialect.testHooks === null) {
      const text = `${name} has no counterpart in nixpkgs ${dialect.generation}: these tests run`;
      notes.push({ kind: 'omitted', text, project: facts.name });
    } else attributes.push({ name, value: disabledList(tests), comments: commentsFor(printed, [name]) });
  }
  if (dialect.importsCheck && facts.importsCheck.length > 0)
    attributes.push({
      name: 'pythonImportsCheck',
      value: list(sortedUnique(facts.importsCheck).map((module) => string(module))),
      comments: commentsFor(printed, ['pythonImportsCheck']),
    });
  return { attributes, notes };
}

/** Tests with the same reason together under it, in the order in which the reasons first come. */
function disabledList(tests: readonly DisabledTest[]): Expression {
  const byReason = new Map<string, string[]>();
  for (const { test, reason } of tests) byReason.set(reason, [...(byReason.get(reason) ?? []), test]);
  return list(
    [...byReason].flatMap(([reason, names]) =>
      [...names]
        .sort(compareText)
        .map((name, index): ListItem => ({ value: string(name), ...(index === 0 ? { comments: [reason] } : {}) })),
    ),
  );
}
