import type { Note } from '../base/note.ts';
import { compareText, sortedUnique } from '../base/text.ts';
import type { DisabledTest, PackageFacts } from '../classify/package-facts.ts';
import { checkPhase, ignoreFlag } from './check-phase.ts';
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
import { commentsFor, isBuiltBySetupScript } from './identity-attributes.ts';
import type { Attribute, AttributeGroup, PackageContext } from './package-expression.ts';
import type { PackageToPrint } from './package-names.ts';

/** `doCheck`, the tests that are not run, how they are run where nothing does it, the imports check, and the tests that `passthru` runs. */
export function checkAttributes(printed: PackageToPrint, context: PackageContext): AttributeGroup {
  const { dialect } = context;
  const { facts } = printed;
  const runs = runsTests(facts) ? testsAttributes(printed, context) : { attributes: [], notes: [] };
  const attributes: Attribute[] = [...doCheck(printed, context), ...runs.attributes];
  if (dialect.importsCheck && facts.importsCheck.length > 0)
    attributes.push({
      name: 'pythonImportsCheck',
      value: list(sortedUnique(facts.importsCheck).map((module) => string(module))),
      comments: commentsFor(printed, ['pythonImportsCheck']),
    });
  if (facts.check.elsewhere === true) attributes.push(passthruTests(printed, context));
  return { attributes, notes: runs.notes };
}

/** Builders that know hooks run `setup.py test` for want of another runner, which looks for test tools on the index: not where there are no tests. */
function doCheck(printed: PackageToPrint, { dialect }: PackageContext): Attribute[] {
  const { runner, enabled, reason } = printed.facts.check;
  const isTestedAnyway =
    runner === null && dialect.testRunner.pytest.kind !== 'builder' && isBuiltBySetupScript(printed.facts, dialect);
  const value = enabled ?? (isTestedAnyway ? false : null);
  if (value === null) return [];
  const comments = [...(reason === null ? [] : [reason]), ...commentsFor(printed, ['doCheck'])];
  return [{ name: 'doCheck', value: identifier(String(value)), comments }];
}

function testsAttributes(printed: PackageToPrint, context: PackageContext): AttributeGroup {
  const { facts } = printed;
  const { dialect } = context;
  const { runner } = facts.check;
  if (runner !== null && dialect.testRunner[runner].kind === 'checkPhase') return checkPhase(facts, context);
  const attributes: Attribute[] = [];
  const notes: Note[] = [];
  for (const name of ['disabledTests', 'disabledTestPaths'] as const) {
    const tests = facts[name];
    if (tests.length === 0) continue;
    const attribute = name === 'disabledTests' && dialect.disabledTestPaths !== null ? name : dialect.disabledTestPaths;
    if (attribute === null) {
      const text = `${name} has no counterpart in nixpkgs ${dialect.release}: these tests run`;
      notes.push({ kind: 'omitted', text, project: facts.name });
    } else {
      const asFlags = attribute === 'pytestFlagsArray' ? tests.map(ignoreFlag) : tests;
      attributes.push({ name: attribute, value: disabledList(asFlags), comments: commentsFor(printed, [name]) });
    }
  }
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
