import { compareText, sortedUnique } from '../../src/base/text.ts';
import type { PackageFacts, PythonInput } from '../../src/classify/package-facts.ts';
import type { Reading, SdistFacts } from '../../src/metadata/release-facts.ts';
import { evaluateMarker, type Marker, type MarkerEnvironment } from '../../src/pep/marker.ts';
import { type Requirement, tryParseRequirement } from '../../src/pep/requirement.ts';
import { requiresPythonAdmits } from '../../src/pep/requires-python.ts';
import { comparedNames } from './attribute-names.ts';

/** What differs between a classification and the release itself, one text each; empty when nothing does. */
export type Faults = readonly string[];

/**
 * The run-time dependencies beside the METADATA of the wheel: on each target that the release admits the same projects, and of each project the same extras.
 * Markers are compared by what they mean on the targets.
 */
export function dependencyFaults(
  facts: PackageFacts,
  stated: { readonly requirements: readonly Requirement[]; readonly requiresPython: string | null },
  environments: readonly MarkerEnvironment[],
): Faults {
  const admitted = environments.filter(
    ({ python_version: python = '' }) =>
      stated.requiresPython === null || requiresPythonAdmits(stated.requiresPython, python) !== false,
  );
  const expected = stated.requirements.filter(({ name }) => name !== facts.name);
  // The host of a plugin is among the libraries in nixpkgs, and a requirement all the same.
  const here = [...facts.inputs.dependencies, ...facts.inputs.buildInputs].filter(
    (input): input is PythonInput => input.kind === 'python',
  );
  const names = sortedUnique([...expected, ...here].map(({ name }) => name));
  return names.flatMap((name) => {
    const [theirs, ours] = [expected, here].map((list: readonly Conditional[]) =>
      meaningOf(
        list.filter((entry) => entry.name === name),
        admitted,
      ),
    );
    return theirs === undefined || ours === undefined || theirs === ours
      ? []
      : [`${name}: METADATA ${theirs}, here ${ours}`];
  });
}

interface Conditional {
  readonly name: string;
  readonly extras: readonly string[];
  readonly marker: Marker | null;
}

/** Where entries of one project hold, in a text that is the same for the same meaning. */
function meaningOf(entries: readonly Conditional[], environments: readonly MarkerEnvironment[]): string {
  const holding = entries.map((entry) =>
    environments.filter((environment) => entry.marker === null || holds(entry.marker, environment)),
  );
  const where = new Set(holding.flat());
  if (where.size === 0) return 'never';
  const extras = sortedUnique(entries.flatMap((entry, index) => (holding[index]?.length === 0 ? [] : entry.extras)));
  const asked = extras.length === 0 ? '' : ` with [${extras.join(',')}]`;
  if (where.size === environments.length) return `always${asked}`;
  return `on ${sortedUnique([...where].map(targetName)).join(' ')}${asked}`;
}

function holds(marker: Marker, environment: MarkerEnvironment): boolean {
  return evaluateMarker(marker, { ...environment, extra: '' });
}

function targetName({ python_version: python, platform_machine: machine, sys_platform: system }: MarkerEnvironment) {
  return `${python}-${machine}-${system}`;
}

/** What backends ask for in their hooks although `requires` does not name it, as tools or build requirements. */
const ASKED_BY_HOOKS: ReadonlyMap<string, readonly string[]> = new Map([
  ['scikit_build_core.build', ['cmake', 'ninja']],
  ['scikit_build_core.setuptools.build_meta', ['cmake', 'ninja']],
]);

/**
 * The build requirements beside pyproject.toml: all of `requires` and of what the hooks of known backends ask for must be there, as build requirements or tools, and
 * nothing else but what setup.py imports. Null where `requires` cannot be read.
 */
export function buildSystemFaults(
  facts: PackageFacts,
  sdist: SdistFacts,
  environments: readonly MarkerEnvironment[],
): Faults | null {
  const requires = sdist.pyproject?.requires ?? { kind: 'absent' };
  if (requires.kind === 'unknown') return null;
  const backend = sdist.pyproject?.buildBackend ?? null;
  const isSetuptools = backend === null || backend.startsWith('setuptools.');
  const readings: Reading<readonly string[]>[] = isSetuptools
    ? [sdist.setupScript?.setupRequires, sdist.setupCfg?.setupRequires].flatMap((reading) => reading ?? [])
    : [];
  const texts = [
    ...(requires.kind === 'known' ? requires.value : ['setuptools']),
    ...readings.flatMap((reading) => (reading.kind === 'known' ? reading.value : [])),
  ];
  const asked = texts.flatMap((text) => {
    const requirement = tryParseRequirement(text);
    if (requirement === null) return [];
    const { marker } = requirement;
    return marker === null || environments.some((environment) => holds(marker, environment)) ? [requirement.name] : [];
  });
  const expected = sortedUnique([...asked, ...(ASKED_BY_HOOKS.get(backend ?? '') ?? [])]);
  const listed = [...facts.inputs['build-system'], ...facts.inputs.nativeBuildInputs];
  // A tool may be a hook that brings what is asked for.
  const here = new Set(
    listed.flatMap((input) => (input.kind === 'python' ? input.name : comparedNames([input.attribute]))),
  );
  // What stands for a project that only carries a program.
  const omitted = new Set((facts.omissions ?? []).flatMap(({ list, name }) => (list === 'build-system' ? [name] : [])));
  const unasked = facts.inputs['build-system'].filter(
    (input) =>
      input.kind === 'python' &&
      !expected.includes(input.name) &&
      !input.origins.some(({ kind }) => kind === 'inference' || kind === 'backend'),
  );
  return [
    ...expected
      .filter((name) => !here.has(name) && !omitted.has(name))
      .map((name) => `${name} is asked for and missing`),
    ...unasked.flatMap((input) => (input.kind === 'python' ? [`${input.name} is not asked for`] : [])),
  ].sort(compareText);
}

/** The names to import that the wheel with these files does not have. */
export function importFaults(modules: readonly string[], paths: readonly string[]): Faults {
  const known = new Set(paths.flatMap(importableNames));
  return modules.filter((module) => !known.has(module)).map((module) => `${module} is not in the wheel`);
}

/** `a/b/c.cpython-313-x86_64-linux-gnu.so` gives a, a.b and a.b.c; what lies in `x.data/purelib/` is installed beside the rest. */
function importableNames(path: string): string[] {
  const parts = path.replace(/^[^/]+\.data\/(?:purelib|platlib)\//u, '').split('/');
  const file = parts.pop() ?? '';
  const module = /^([^.]+)(?:\.[^/]*)?\.(?:py|so|pyd)$|^([^.]+)\.(?:py|so|pyd)$/u.exec(file);
  const stem = module?.[1] ?? module?.[2];
  const names = parts.map((_part, index) => parts.slice(0, index + 1).join('.'));
  return stem === undefined || stem === '__init__' ? names : [...names, [...parts, stem].join('.')];
}
