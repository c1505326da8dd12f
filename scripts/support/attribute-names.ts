import { sortedUnique } from '../../src/base/text.ts';
import { builtinSet } from '../../src/nixpkgs/package-set.ts';

const SET = builtinSet('unstable');

/** What a hook of nixpkgs brings with it; one that is not here brings nothing that a classification could name. */
const BROUGHT_BY_HOOK: ReadonlyMap<string, readonly string[]> = new Map([
  ['pytestCheckHook', ['pytest']],
  ['pytest7CheckHook', ['pytest']],
  ['pytest8_3CheckHook', ['pytest']],
  ['stestrCheckHook', ['stestr']],
  ['sphinxHook', ['sphinx']],
  ['postgresqlTestHook', ['postgresql']],
  ['redisTestHook', ['redis']],
  ['setuptoolsBuildHook', ['setuptools']],
  ['maturinBuildHook', ['maturin']],
  ['cargoSetupHook', ['cargoSetupHook']],
]);

/** Attributes of nixpkgs that are variants of another, or its name in other releases. */
const VARIANTS: ReadonlyMap<string, string> = new Map([
  ['gitMinimal', 'git'],
  ['gitReally', 'git'],
  ['krb5-c', 'libkrb5'],
  ['pytest-cov-stub', 'pytest-cov'],
  ['unixODBC', 'unixodbc'],
  ['pkgconfig-tool', 'pkg-config'],
]);

const OUTPUTS: ReadonlySet<string> = new Set(['out', 'lib', 'dev', 'bin', 'static']);

/**
 * Names under which attributes are compared: without the output (`dbus.out`), the set (`rustPlatform.cargoSetupHook`) and the major version (`cython_0`) that
 * nixpkgs chose; hooks as what they bring. Sorted.
 */
export function comparedNames(attributes: readonly string[]): readonly string[] {
  return sortedUnique(attributes.flatMap(comparedName));
}

function comparedName(attribute: string): readonly string[] {
  const parts = attribute.split('.');
  while (parts.length > 1 && OUTPUTS.has(parts.at(-1) ?? '')) parts.pop();
  const last = parts.at(-1) ?? attribute;
  const brought = BROUGHT_BY_HOOK.get(last);
  if (brought !== undefined) return brought;
  if (/[a-z]Hook$/u.test(last)) return [];
  const unversioned = /^(.+?)_\d+(?:_\d+)*$/u.exec(last)?.[1] ?? last;
  return [VARIANTS.get(unversioned) ?? unversioned];
}

/** The name under which an input of a project (PEP 503 name) is compared: its attribute in the package set. */
export function nameOfProject(project: string): readonly string[] {
  return comparedName(SET.attributeOf(project)?.attribute ?? project);
}

/** Whether the package set has a Python package under the attribute, which may be a tool as well (cmake, meson, ninja). */
export function isPythonName(name: string): boolean {
  return SET.attributeOf(name)?.attribute === name;
}

/** Whether the package set has the project (PEP 503 name). */
export function isInSet(project: string): boolean {
  return SET.attributeOf(project) !== null;
}
