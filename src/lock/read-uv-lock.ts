import { sortedUnique } from '../base/text.ts';
import { throwAll } from '../base/user-error.ts';
import { evaluateMarker } from '../pep/marker.ts';
import { badLock, createLockFaults } from '../pep/pylock-fault.ts';
import { missing, pythonFits } from '../pep/pylock-select.ts';
import type { Requirement } from '../pep/requirement.ts';
import { readToml, tomlPlaces } from '../pep/toml-text.ts';
import { coveredTargets } from './covered-targets.ts';
import type { LockChoice, LockedProject, LockedProjects, LockSource } from './locked-projects.ts';
import { type LockEntry, pickProjects } from './pick-projects.ts';
import { type ReachEdge, reachMarkers } from './reach.ts';
import { mergeRoots, rootRequirement } from './roots.ts';
import { readUvDocument, type UvDocument, type UvLink, type UvPackage } from './uv-document.ts';
import { nodeEdges, rootLinks, type UvGraph } from './uv-graph.ts';

/**
 * Reads a uv.lock (version 1): the projects that the members of its workspace, or the requirements of its script, lead to on the targets.
 * Extras and groups are those of the members; without `groups` none are taken. The roots are what the members depend on, not the members.
 * Targets outside of its requires-python and supported-markers do not count, with a note.
 */
export function readUvLock(source: LockSource, choice: LockChoice): LockedProjects {
  const read = readToml(source.text);
  if ('fault' in read) throw badLock(source.name, read.fault.place, read.fault.text);
  const faults = createLockFaults(source.name, () => tomlPlaces(source.text));
  const document = readUvDocument(read.table, { faults, directory: source.directory });
  faults.throwIfAny();
  if (document === null) throw new Error('a lock without fault could not be read');
  const { extras = [], groups = [] } = choice;
  throwAll([
    ...missing('extra', extras, {
      known: document.members.flatMap(({ extras: known }) => [...known.keys()]),
      file: source.name,
    }),
    ...missing('group', groups, {
      known: [...document.groups.keys(), ...document.members.flatMap(({ groups: known }) => [...known.keys()])],
      file: source.name,
    }),
  ]);
  const covered = coveredTargets(source, choice, (target) => whyNot(document, target));
  return {
    format: 'uv',
    file: source.name,
    targets: covered.targets,
    ...follow(document, { file: source.name, extras, groups, covered: covered.targets }),
    builds: new Map(),
    checks: new Map(),
    notes: covered.notes,
  };
}

function whyNot({ requiresPython, supported }: UvDocument, target: LockChoice['targets'][number]): string | null {
  if (requiresPython !== null && !pythonFits(requiresPython, target)) return `it wants Python ${requiresPython}`;
  if (supported.length === 0 || supported.some((marker) => evaluateMarker(marker, target))) return null;
  return 'none of its supported-markers holds there';
}

interface Scope {
  readonly file: string;
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  readonly covered: LockChoice['targets'];
}

function follow(
  document: UvDocument,
  { file, extras, groups, covered }: Scope,
): Pick<LockedProjects, 'projects' | 'roots'> {
  const graph: UvGraph = { document, extras, groups, targets: covered };
  const links = rootLinks(graph);
  const rootEdges = links.flatMap((link) => nodeEdges(link, graph));
  const reached = reachMarkers(rootEdges, (node) => edgesOf(node, graph), covered);
  const entries = document.packages.flatMap((entry): LockEntry[] => {
    const own = reached.get(nodeOf(entry, ''));
    // A virtual project is no package: only its dependencies count.
    if (own === undefined || entry.source.startsWith('virtual ')) return [];
    const used = [...entry.extras.keys()].filter((extra) => reached.has(nodeOf(entry, extra))).sort();
    return [{ on: own.on, project: { ...projectOf(entry, used, graph), marker: own.marker } }];
  });
  const projects = pickProjects(entries, { file, targets: covered });
  return { projects, roots: rootsOf(links, projects, covered) };
}

function edgesOf(node: string, graph: UvGraph): readonly ReachEdge<string>[] {
  const comma = node.indexOf(',');
  const entry = graph.document.packages[Number(node.slice(0, comma))];
  if (entry === undefined) return [];
  const extra = node.slice(comma + 1);
  const links = extra === '' ? entry.dependencies : (entry.extras.get(extra) ?? []);
  const own = extra === '' ? [] : [{ to: nodeOf(entry, ''), marker: null }];
  return [...own, ...links.flatMap((link) => nodeEdges(link, graph))];
}

/** A node is a package, or an extra of it. */
function nodeOf({ index }: UvPackage, extra: string): string {
  return `${index},${extra}`;
}

function projectOf(entry: UvPackage, extras: readonly string[], graph: UvGraph): Omit<LockedProject, 'marker'> {
  const links = [...entry.dependencies, ...extras.flatMap((extra) => entry.extras.get(extra) ?? [])];
  const names = links.filter((link) => nodeEdges(link, graph).length > 0).map(({ name }) => name);
  const { name, files, address } = entry;
  const version = address?.kind === 'directory' || address?.kind === 'git' ? null : entry.version;
  return { name, version, extras, files, address, dependencies: sortedUnique(names.filter((one) => one !== name)) };
}

function rootsOf(
  links: readonly UvLink[],
  projects: ReadonlyMap<string, LockedProject>,
  covered: LockChoice['targets'],
): readonly Requirement[] {
  const roots = links.flatMap(({ name, extras, marker }) => {
    const project = projects.get(name);
    return project === undefined ? [] : [rootRequirement(project, [...extras], marker)];
  });
  return mergeRoots(roots, covered);
}
