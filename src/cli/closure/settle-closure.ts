import type { Note } from '../../base/note.ts';
import { compareText } from '../../base/text.ts';
import { EXIT, throwAll, UserError } from '../../base/user-error.ts';
import { withoutFailingImports } from '../../classify/import-checks.ts';
import { withoutPackageCycles } from '../../classify/package-cycles.ts';
import { INPUT_LISTS, type PackageFacts, type PythonInput } from '../../classify/package-facts.ts';
import { settle } from '../../classify/settle.ts';
import { withoutSparedNeeds } from '../../classify/spared-needs.ts';
import { type Dialect, dialectFor } from '../../nix/dialect.ts';
import type { GenerateOptions } from '../options.ts';
import type { ReleaseReader } from '../release/release-reader.ts';
import type { RunNames } from '../run/run-names.ts';
import type { RunTargets } from '../run/targets.ts';
import { askedExtras, withKnownExtras } from './asked-extras.ts';
import type { Closure } from './closure.ts';
import { relaxedPackages } from './relaxed-packages.ts';
import { isUsable } from './set-fit.ts';
import { lackingNotes, unusableNotes, withoutMissingSystems } from './set-notes.ts';
import { groupNotes, missingExtras, unknownExtras } from './wanted-extras.ts';

export interface SettledClosure {
  readonly packages: readonly PackageFacts[];
  /** Requirements that the set is taken to meet because it only tells names, for example `numpy>=1.7`, or `requests[socks]` for what is needed at run time. */
  readonly assumed: readonly string[];
  readonly notes: readonly Note[];
}

/**
 * Fits the packages to the package set: leaves out what the set lacks, takes the cycles out of what is left, and lists what was not checked.
 * @throws UserError E_NO_SUCH_EXTRA for an extra that no named project has, E_CYCLE for packages that need each other, E_NOT_IN_PACKAGE_SET for build and run-time
 * inputs that the set lacks and that are not generated, the last two together.
 */
export async function settleClosure(
  closure: Pick<Closure, 'packages' | 'selfBuilt' | 'declaredExtras' | 'unusableChecks' | 'lockedVersions'>,
  context: SettleContext,
): Promise<SettledClosure> {
  const { release, names, options, direct, targets } = context;
  const { environments } = targets;
  const dialect = dialectFor(release);
  const implied = dialect.impliedBuildSystem;
  const wantedExtras = { wanted: options.extras, direct };
  throwAll(unknownExtras(closure.declaredExtras, wantedExtras));
  const { selfBuilt } = closure;
  const there = closure.packages.map((facts) => withoutMissingSystems(facts, names));
  const packages = withoutSparedNeeds(there, { selfBuilt, bootstrap: names.bootstrap, implied });
  const generated = new Set(packages.map((facts) => facts.name));
  const has = (project: string): boolean => generated.has(project) || names.inSet(project) !== null;
  const asked = askedExtras(packages);
  const settled = packages.map((facts) =>
    settle(facts, {
      has: (project) => has(project) || isUsableIn(facts, { project, names, targets }),
      unusableChecks: closure.unusableChecks.get(facts.name) ?? new Map(),
      checks: options.checks,
      disablesTestPaths: dialect.disabledTestPaths !== null,
      extras: extrasToKeep(options.extras, asked.get(facts.name) ?? []),
    }),
  );
  const known = withKnownExtras(
    settled.map(({ facts }) => facts),
    packages,
  );
  const notes: Note[] = [...groupNotes(closure, wantedExtras)];
  const isReplaced = dialect.packageSet === 'overlay';
  const { packages: kept, errors: cycleErrors } = await withoutPackageCycles(known.packages, {
    implied,
    direct: new Set(direct),
    certainNeedsOf: (project) => (isReplaced ? (names.certainNeedsOf(project) ?? []) : []),
    possibleNeedsOf: needsReader({ ...context, notes }),
    testsElsewhere: dialect.passthruTests,
  });
  throwAll([
    ...cycleErrors,
    ...settled.flatMap(({ facts, missing }) => missing.map(({ list, input }) => notInSet(facts.name, list, input))),
    ...known.errors,
    ...missingExtras(packages, { ...wantedExtras, has }),
  ]);
  const { lockedVersions } = closure;
  const importable = withoutFailingImports(kept);
  const relaxed = options.relax ? relaxedPackages(importable, { names, environments }) : importable;
  notes.push(...unusableNotes(relaxed, { names, direct }), ...lackingNotes(relaxed, { names, environments, implied }));
  return { packages: relaxed, assumed: assumedOf(relaxed, { generated, names, dialect, lockedVersions }), notes };
}

/** Whether all that a package asks for of a project is asked for where the set has it. */
function isUsableIn(
  { inputs, optionalDependencies }: PackageFacts,
  { project, names, targets }: Pick<SettleContext, 'names' | 'targets'> & { readonly project: string },
): boolean {
  const asked = [...Object.values(inputs).flat(), ...Object.values(optionalDependencies).flat()].filter(
    (input) => input.kind === 'python' && input.name === project,
  );
  return asked.length > 0 && asked.every((input) => input.kind === 'python' && isUsable(input, { names, targets }));
}

interface SettleContext {
  readonly release: string;
  readonly names: RunNames;
  readonly options: GenerateOptions;
  readonly reader: ReleaseReader;
  /** PEP 503 names that the user asked for. */
  readonly direct: readonly string[];
  readonly targets: Pick<RunTargets, 'environments'>;
}

function extrasToKeep(wanted: GenerateOptions['extras'], asked: readonly string[]): GenerateOptions['extras'] {
  if (wanted === 'none') return asked;
  return typeof wanted === 'string' ? wanted : [...wanted, ...asked];
}

/** What a package of the set needs: by the set itself or the shipped table, else by the index metadata of its newest release. */
function needsReader({
  names,
  reader,
  notes,
}: {
  names: RunNames;
  reader: ReleaseReader;
  notes: Note[];
}): (project: string) => Promise<readonly string[]> {
  const asked = new Map<string, Promise<readonly string[]>>();
  return (project) => {
    const known = asked.get(project) ?? needs(project);
    asked.set(project, known);
    return known;
  };

  async function needs(project: string): Promise<readonly string[]> {
    const listed = names.needsOf(project);
    if (listed !== null) return listed;
    try {
      return await reader.newestNeeds(project, names.inSet(project)?.version ?? null);
    } catch (thrown) {
      if (!(thrown instanceof UserError) || isFaultOfIndex(thrown)) throw thrown;
      // What a check input leads to is worth asking for, but a run need not end because it cannot be had.
      notes.push({
        kind: 'unknown',
        text: `what the check input ${project} needs is not known, so a way back from it would not be seen: ${thrown.message}`,
        project,
      });
      return [];
    }
  }
}

/** An index that fails must not change what is generated: the same command gives the same with it later. */
function isFaultOfIndex({ code, exit }: UserError): boolean {
  return code !== 'E_OFFLINE' && (exit === EXIT.unavailable || code === 'E_BAD_INDEX_PAGE');
}

function notInSet(project: string, list: string, input: PythonInput): UserError {
  return new UserError(
    'E_NOT_IN_PACKAGE_SET',
    `${project} needs ${input.name} (${list}), which the package set does not have`,
    {
      hint: `generate it too: leave out --deps named, or name ${input.name} as a requirement`,
    },
  );
}

function assumedOf(
  packages: readonly PackageFacts[],
  {
    generated,
    names,
    dialect,
    lockedVersions,
  }: Pick<Closure, 'lockedVersions'> & { generated: ReadonlySet<string>; names: RunNames; dialect: Dialect },
): string[] {
  const isRunTime = (list: string): boolean => list !== 'build-system' && list !== 'nativeCheckInputs';
  const inputs = packages.flatMap((facts) => [
    ...INPUT_LISTS.flatMap((list) => facts.inputs[list].map((input) => ({ input, needsExtras: isRunTime(list) }))),
    ...Object.values(facts.optionalDependencies)
      .flat()
      .map((input) => ({ input, needsExtras: true })),
  ]);
  const assumed = new Map<string, PythonInput>();
  for (const { input, needsExtras } of inputs) {
    if (input.kind !== 'python' || generated.has(input.name)) continue;
    const entry = names.inSet(input.name);
    if (entry === null) continue;
    // What builds and tests ask for is passed over where the set lacks it; at run time a missing extra is an error of evaluation.
    // A set that was read tells its extras.
    const isOpen = entry.extras === undefined;
    const hasExtras = isOpen && needsExtras && dialect.optionalDependencies && input.extras.length > 0;
    const extras = hasExtras ? `[${input.extras.join(',')}]` : '';
    const locked = lockedVersions.get(input.name);
    const asked = locked === undefined ? input.specifier : `==${locked.text}`;
    const specifier = entry.version === null ? asked : '';
    if (extras !== '' || specifier !== '') assumed.set(`${input.name}${extras}${specifier}`, input);
  }
  return [...assumed]
    .sort(
      ([a, { name: aName, specifier: aSpecifier }], [b, { name: bName, specifier: bSpecifier }]) =>
        compareText(aName, bName) || compareText(aSpecifier, bSpecifier) || compareText(a, b),
    )
    .map(([text]) => text);
}
