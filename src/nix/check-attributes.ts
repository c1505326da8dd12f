import type { Note } from '../base/note.ts';
import { compareText, sortedUnique } from '../base/text.ts';
import type { DisabledTest, PackageFacts } from '../classify/package-facts.ts';
import {
  apply,
  assign,
  type Expression,
  identifier,
  inlineSet,
  type ListItem,
  list,
  select,
  string,
} from './expression.ts';
import { commentsFor } from './identity-attributes.ts';
import type { Attribute, AttributeGroup, PackageContext } from './package-expression.ts';
import type { PackageToPrint } from './package-names.ts';

/** `doCheck`, the tests that are not run, the imports check, and the tests that `passthru` runs. */
export function checkAttributes(printed: PackageToPrint, context: PackageContext): AttributeGroup {
  const { dialect } = context;
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
    if (tests.length === 0 || !runsTests(facts)) continue;
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
  if (facts.check.elsewhere === true) attributes.push(passthruTests(printed, context));
  return { attributes, notes };
}

/** Whether the tests are run, by the build or by `passthru.tests`. */
export function runsTests({ check }: PackageFacts): boolean {
  return check.enabled !== false || check.elsewhere === true;
}

/** As nixpkgs itself runs tests that would lead back: the package of the set once more, which then tests what it needs with itself in place. */
function passthruTests({ facts, attribute }: PackageToPrint, { scope }: PackageContext): Attribute {
  const itself = scope.package({ kind: 'python', attribute }, 'tests');
  return {
    name: 'passthru',
    path: ['tests', facts.check.runner ?? 'check'],
    value: apply(select(itself, 'overridePythonAttrs'), inlineSet([assign('doCheck', identifier('true'))])),
  };
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
