import path from 'node:path';
import { compareText } from '../../base/text.ts';
import { interpreterAttribute } from '../../nix/single-file.ts';
import type { PackagePath } from '../../nixpkgs/descriptions.ts';
import type { PackageSetNames } from '../../nixpkgs/package-set.ts';
import { normalizeName } from '../../pep/name.ts';
import { compareVersions, parseVersion } from '../../pep/version.ts';
import type { SearchHit } from '../../report/search.ts';
import type { RecordedPackage } from '../../repository/generated-record.ts';
import type { PackageSetChoice } from '../env/package-set.ts';
import { textIfThere } from '../repository/repository-folder.ts';

/** For which interpreters packages are shown, X.Y. */
export interface SearchedPythons {
  readonly pythons: readonly string[];
  /** Of a list that does not tell them apart only this one is shown. */
  readonly first: string;
  /** They were named by hand. */
  readonly areNamed: boolean;
}

/** Packages of a package set by the names of their projects, their attributes and what they say of themselves: one hit for each interpreter that has it. */
export async function hitsInSet(
  words: readonly string[],
  chosen: Pick<PackageSetChoice, 'set' | 'descriptions'>,
  searched: SearchedPythons,
): Promise<readonly SearchHit[]> {
  const all = await described(allHits(chosen.set, searched), chosen, searched);
  return all.filter(({ project, attribute, description }) =>
    matches(words, [project, memberOf(attribute), description ?? '']),
  );
}

function allHits(set: PackageSetNames, { pythons, first, areNamed }: SearchedPythons): readonly SearchHit[] {
  const hits = [...new Set(set.projects())].flatMap((project): SearchHit[] => {
    const entry = set.attributeOf(project);
    if (entry === null) return [];
    const { attribute } = entry;
    const shared = { origin: 'nixpkgs', project, description: null } as const;
    if (entry.targets === undefined)
      return (areNamed ? pythons : [first]).map((python) => ({
        ...shared,
        python,
        implementation: 'cpython',
        version: entry.version,
        attribute: `${interpreterAttribute(python)}Packages.${attribute}`,
      }));
    return entry.targets
      .filter(({ lack }) => lack === null)
      .map(({ python, implementation, version }) => ({
        ...shared,
        python,
        implementation,
        version,
        attribute: `${setName(python, implementation)}.${attribute}`,
      }));
  });
  return sorted(hits);
}

/** Hits with what their packages say of themselves: each is asked for one interpreter, the first where it has it, because it says the same for all. */
async function described(
  hits: readonly SearchHit[],
  { descriptions }: Pick<PackageSetChoice, 'descriptions'>,
  { first }: SearchedPythons,
): Promise<readonly SearchHit[]> {
  const asked = new Map<string, SearchHit>();
  for (const hit of hits) {
    const isFirst = hit.implementation === 'cpython' && hit.python === first;
    if (isFirst || !asked.has(hit.project)) asked.set(hit.project, hit);
  }
  const paths = [...asked.values()].map(({ attribute }): PackagePath => [setOf(attribute), memberOf(attribute)]);
  const found = await descriptions(paths);
  const said = new Map([...asked.keys()].map((project, index) => [project, found[index] ?? null]));
  return hits.map((hit) => ({ ...hit, description: said.get(hit.project) ?? null }));
}

/** `python35Packages` of `python35Packages.numpy`. */
function setOf(attribute: string): string {
  return attribute.slice(0, attribute.indexOf('.'));
}

/** `numpy` of `python35Packages.numpy`. */
function memberOf(attribute: string): string {
  return attribute.slice(attribute.indexOf('.') + 1);
}

/** Packages of a repository, by name and description. What its files say counts, with what was edited in them. */
export async function hitsInRepository(
  words: readonly string[],
  { root, packages }: { readonly root: string; readonly packages: readonly RecordedPackage[] },
  pythons: readonly string[],
): Promise<readonly SearchHit[]> {
  const found = await Promise.all(
    packages.map(async ({ name, attribute }): Promise<SearchHit[]> => {
      const text = (await textIfThere(path.join(root, 'pkgs', name, 'default.nix'))) ?? '';
      const description = statedIn(text, 'description');
      if (!matches(words, [name, attribute, description ?? ''])) return [];
      return pythons.map((python) => ({
        origin: 'repository',
        project: name,
        python,
        implementation: 'cpython',
        version: statedIn(text, 'version'),
        attribute: `${interpreterAttribute(python)}.${attribute}`,
        description,
      }));
    }),
  );
  return sorted(found.flat());
}

/** binding = name "=" plain string ";" on a line of its own, as the expressions of a repository have it; null where it is anything else. */
function statedIn(text: string, name: 'version' | 'description'): string | null {
  const value = new RegExp(`^ *${name} = "([^"\\\\$\\n]*(?:\\\\["\\\\$][^"\\\\$\\n]*)*)";$`, 'mu').exec(text)?.[1];
  return value === undefined ? null : value.replace(/\\(.)/gu, '$1');
}

function setName(python: string, implementation: SearchHit['implementation']): string {
  if (implementation === 'cpython') return `${interpreterAttribute(python)}Packages`;
  return python === '2.7' ? 'pypyPackages' : `${interpreterAttribute(python).replace('python', 'pypy')}Packages`;
}

/** Each word is in one of the texts; names are compared in their normal form. */
function matches(words: readonly string[], texts: readonly string[]): boolean {
  const all = texts.map((text) => text.toLowerCase()).join('\n');
  return words.every((word) => {
    const lower = word.toLowerCase();
    return all.includes(lower) || all.includes(normalizeName(lower));
  });
}

function sorted(hits: readonly SearchHit[]): readonly SearchHit[] {
  return [...hits].sort(
    (a, b) =>
      compareText(b.implementation, a.implementation) ||
      compareVersions(parseVersion(a.python), parseVersion(b.python)) ||
      compareText(a.project, b.project),
  );
}
