import { compareText } from '../base/text.ts';
import type { Input, InputListName, Omission, PackageFacts } from '../classify/package-facts.ts';
import { runsTests } from './check-attributes.ts';
import type { Dialect } from './dialect.ts';
import { assign, type Binding, list, set, string } from './expression.ts';
import { commentsFor, isBuiltBySetupScript } from './identity-attributes.ts';
import { type GroupedInput, inputList } from './input-lists.ts';
import type { Attribute, AttributeGroup, PackageContext } from './package-expression.ts';
import type { PackageToPrint } from './package-names.ts';
import type { FormalGroup } from './scope.ts';

/** The lists of inputs, in the order in which they are looked at. */
const LISTS: readonly InputListName[] = [
  'build-system',
  'nativeBuildInputs',
  'buildInputs',
  'dependencies',
  'nativeCheckInputs',
];

/** All lists of inputs under the attributes of the dialect, the optional dependencies, and the requirements that are relaxed, removed or not checked. */
export function inputAttributes(printed: PackageToPrint, context: PackageContext): AttributeGroup {
  const attributes = [...new Set(LISTS.map((name) => context.dialect.lists[name]))];
  const parts = [
    ...attributes.map((attribute) => listAttribute(attribute, printed, context)),
    optionalDependencies(printed, context),
    relaxedRequirements(printed, context),
    liftedBuildBounds(printed, context),
  ];
  return { attributes: parts.flatMap((part) => part.attributes), notes: parts.flatMap((part) => part.notes) };
}

function listAttribute(attribute: string, printed: PackageToPrint, context: PackageContext): AttributeGroup {
  const { facts, names } = printed;
  const lists = LISTS.filter((name) => context.dialect.lists[name] === attribute && isPrinted(name, printed));
  const inputs = lists.flatMap((name) => inputsOf(name, printed, context));
  const { expression, notes } = inputList(
    inputs,
    { ...context, names, project: facts.name },
    hooks(lists, printed, context),
  );
  const comments = [...commentsFor(printed, lists), ...omissionComments(facts.omissions, lists)];
  // An empty list is written where there is something to say about it.
  const value = expression ?? (comments.length > 0 ? list([]) : null);
  return { attributes: value === null ? [] : [{ name: attribute, value, comments }], notes };
}

/** Check inputs are left out where the tests do not run: in old releases they are build inputs, and so could lead back to the package. */
function isPrinted(name: InputListName, { facts }: PackageToPrint): boolean {
  if (name === 'nativeCheckInputs') return runsTests(facts);
  return name !== 'build-system' || facts.source.kind !== 'wheel';
}

function inputsOf(name: InputListName, { facts }: PackageToPrint, { dialect }: PackageContext): GroupedInput[] {
  const implied = dialect.impliedBuildSystem.filter(
    (project) => project !== 'setuptools' || isBuiltBySetupScript(facts, dialect),
  );
  const brought = name === 'build-system' ? [...implied, ...propagated(facts, dialect)] : [];
  const isHooked = facts.check.runner === 'pytest' && dialect.testRunner.pytest.kind === 'hook';
  const hook = name === 'nativeCheckInputs' && isHooked ? ['pytest'] : [];
  return facts.inputs[name]
    .filter(
      (input) =>
        isThere(input, dialect) &&
        (input.kind === 'system' ||
          (!brought.includes(input.name) && !(hook.includes(input.name) && input.extras.length === 0))),
    )
    .map((input) => ({ input, group: groupOf(name, input.kind) }));
}

/** Old releases have no hooks for Rust and for compiled files; notes of `nativeBuildAttributes()` and `identityAttributes()` tell. */
function isThere(input: Input, { rust, patchelfHook }: Dialect): boolean {
  if (input.kind === 'python') return true;
  return (
    (rust !== null || !input.attribute.startsWith('rustPlatform.')) &&
    (patchelfHook || input.attribute !== 'autoPatchelfHook')
  );
}

/** Where one attribute holds all that is not needed at run time, what is propagated is there for the build as well. */
function propagated(facts: PackageFacts, dialect: Dialect): string[] {
  if (dialect.lists['build-system'] === 'build-system') return [];
  return facts.inputs.dependencies.flatMap((input) =>
    input.kind === 'python' && input.marker === null ? [input.name] : [],
  );
}

function groupOf(name: InputListName, kind: 'python' | 'system'): FormalGroup {
  if (name === 'build-system') return 'build-system';
  if (name === 'nativeCheckInputs') return 'tests';
  return kind === 'system' ? 'native libraries' : 'dependencies';
}

/** Hooks of the builder: the one that relaxes requirements, where it does not come by itself; the one that runs the tests, which brings the test runner with it, or the runner itself. */
function hooks(
  lists: readonly InputListName[],
  { facts, names }: PackageToPrint,
  { dialect }: PackageContext,
): { attribute: string; group: FormalGroup }[] {
  const { runner } = facts.check;
  const runs = runner === null ? null : dialect.testRunner[runner];
  const isRelaxed = facts.relaxDeps.length + facts.removeDeps.length > 0 && dialect.relaxDeps === 'hook';
  return [
    ...(lists.includes('nativeBuildInputs') && isRelaxed
      ? [{ attribute: 'pythonRelaxDepsHook', group: 'build-system' } as const]
      : []),
    ...(lists.includes('nativeCheckInputs') && runs?.kind === 'hook'
      ? [{ attribute: runs.attribute, group: 'tests' } as const]
      : []),
    // Tests of unittest that pytest runs do not ask for it.
    ...(lists.includes('nativeCheckInputs') && runs?.kind === 'checkPhase' && runner === 'pytest'
      ? [{ attribute: names.pythonAttribute('pytest'), group: 'tests' } as const]
      : []),
  ];
}

function omissionComments(omissions: readonly Omission[], lists: readonly Omission['list'][]): string[] {
  return omissions
    .filter(({ list: of }) => lists.includes(of))
    .map(({ name, reason }) => `${name} is left out: ${reason}`)
    .sort(compareText);
}

function optionalDependencies(printed: PackageToPrint, context: PackageContext): AttributeGroup {
  const place = context.dialect.optionalDependencies;
  if (place === null) return { attributes: [], notes: [] };
  const [attribute, ...path] = place;
  const { facts, names } = printed;
  const extras = Object.keys(facts.optionalDependencies).sort(compareText);
  const parts = extras.map((extra) => {
    const inputs = (facts.optionalDependencies[extra] ?? []).map(
      (input) => ({ input, group: 'optional-dependencies' }) as const,
    );
    const { expression, notes } = inputList(inputs, { ...context, names, project: facts.name });
    return { binding: assign(extra, expression ?? list([])), notes };
  });
  const comments = [
    ...commentsFor(printed, ['optional-dependencies']),
    ...omissionComments(facts.omissions, ['optional-dependencies']),
  ];
  const bindings: Binding[] = parts.map(({ binding }) => binding);
  const isThere = bindings.length > 0 || comments.length > 0;
  return {
    attributes: isThere ? [{ name: attribute, path, value: set(bindings), comments }] : [],
    notes: parts.flatMap(({ notes }) => notes),
  };
}

function relaxedRequirements(printed: PackageToPrint, { dialect }: PackageContext): AttributeGroup {
  if (dialect.relaxDeps === null) return { attributes: [], notes: [] };
  const { facts } = printed;
  const attribute = (name: string, projects: readonly string[]): Attribute[] =>
    projects.length === 0
      ? []
      : [
          {
            name,
            value: list([...projects].sort(compareText).map((project) => string(project))),
            comments: commentsFor(printed, [name]).flatMap((reason) => reason.split('\n')),
          },
        ];
  return {
    attributes: [...attribute('pythonRelaxDeps', facts.relaxDeps), ...attribute('pythonRemoveDeps', facts.removeDeps)],
    notes: [],
  };
}

/** The builder runs `pyproject-build --no-isolation`, which refuses to build where a build requirement is missing or its bounds are not met. */
function liftedBuildBounds({ facts }: PackageToPrint, { dialect }: PackageContext): AttributeGroup {
  const lifted = facts.liftedBuildBounds ?? [];
  const leftOut = facts.omissions.filter(({ list: of }) => of === 'build-system');
  if (lifted.length + leftOut.length === 0 || dialect.skipBuildBounds === null || facts.source.kind === 'wheel')
    return { attributes: [], notes: [] };
  const comments = [
    ...lifted.map(({ name, specifier, version }) => `the build asks for ${name}${specifier}, and ${version} is used`),
    ...leftOut.map(({ name }) => `the build asks for ${name}, which is left out`).sort(compareText),
  ];
  return {
    attributes: [{ name: 'pypaBuildFlags', value: list([string(dialect.skipBuildBounds)]), comments }],
    notes: [],
  };
}
