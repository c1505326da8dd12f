import path from 'node:path';
import type { ArchiveMember } from '../../archive/read-archive.ts';
import type { Note } from '../../base/note.ts';
import { excerpt } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import { cacheDirectory } from '../../cache/cache-directory.ts';
import type { ReadRelease } from '../../classify/classify.ts';
import type { Source } from '../../classify/package-facts.ts';
import type { IndexFile } from '../../index/project-page.ts';
import { readSdist } from '../../metadata/read-sdist.ts';
import type { SdistFacts } from '../../metadata/release-facts.ts';
import { metadataRequirements, staticRequirements } from '../../metadata/release-requirements.ts';
import { redactUrl } from '../../net/redact.ts';
import { normalizeName } from '../../pep/name.ts';
import {
  type ArchiveAddress,
  type DirectoryAddress,
  fileUrl,
  type GitAddress,
  type SourceAddress,
} from '../../pep/source-address.ts';
import type { Version } from '../../pep/version.ts';
import { parseWheelName } from '../../pep/wheel-name.ts';
import { archiveStore } from '../../source/archive-store.ts';
import { directoryMembers } from '../../source/directory-members.ts';
import { type OpenedArchive, openArchive } from '../../source/open-archive.ts';
import { rerooted } from '../../source/rerooted.ts';
import { linkedWheel } from '../release/release-wheels.ts';
import { originOfMetadata, originsOf } from '../release/stated-requirements.ts';
import { createCachedWheelReader } from '../release/wheel-reader.ts';
import type { CommandContext, World } from '../world.ts';
import { readGitSource } from './git.ts';
import { treeIdentity } from './identity.ts';
import { versionOfTree } from './version.ts';

/** A project that was named by its address, read: what an index would tell of its only release. */
export interface DirectSource {
  /** As it was given, with the commit that a revision of git turned out to be. */
  readonly address: SourceAddress;
  readonly version: Version;
  readonly release: ReadRelease;
  /** The archive; null for a folder or repository. */
  readonly file: IndexFile | null;
  /** What matters to an expression alone, beside the notes of the release. */
  readonly expressionNotes: readonly Note[];
}

/** What reading a source needs of the run. */
export interface DirectContext {
  readonly world: World;
  readonly command: CommandContext;
  readonly offline: boolean;
}

/**
 * Reads what lies at an address: its name, version and requirements, and all that its expression needs. Nothing of it is run.
 * `name` is the PEP 503 name that it has to have; null for any.
 *
 * Throws UserError E_NAME_MISMATCH, E_NO_PROJECT_NAME, E_NOT_AN_SDIST, E_BAD_SOURCE, E_BAD_ARCHIVE, E_DIGEST_MISMATCH (exit 65), E_NO_SUCH_SOURCE (74), E_NO_SUCH_REVISION (1), and
 * errors of the network and of git (69).
 */
export async function readDirectSource(
  address: SourceAddress,
  { name, ...context }: DirectContext & { readonly name: string | null },
): Promise<DirectSource> {
  switch (address.kind) {
    case 'directory':
      return await readDirectory(address, { name, ...context });
    case 'git':
      return await readRepository(address, { name, ...context });
    case 'archive':
      return address.url.toLowerCase().endsWith('.whl')
        ? await readWheel(address, { name, ...context })
        : await readSourceArchive(address, { name, ...context });
  }
}

type Reading = DirectContext & { readonly name: string | null };

async function readDirectory(address: DirectoryAddress, reading: Reading): Promise<DirectSource> {
  const folder = address.subdirectory === null ? address.path : `${address.path}/${address.subdirectory}`;
  const tree = await readTree(() => directoryMembers(folder), { ...reading, label: folder, tags: [], filename: null });
  const expressionNotes: Note[] = address.editable
    ? [
        {
          kind: 'omitted',
          text: `-e ${folder}: what Nix builds cannot be edited in place, so it is built as it is`,
          project: tree.name,
        },
      ]
    : [];
  return released(tree, {
    address,
    source: { kind: 'directory', path: folder },
    file: null,
    notes: [],
    expressionNotes,
  });
}

async function readRepository(address: GitAddress, reading: Reading): Promise<DirectSource> {
  const { environment } = reading.command;
  const read = await readGitSource(address, {
    environment,
    cacheFolder: cacheDirectory(environment),
    offline: reading.offline,
  });
  const label = `${address.url}@${read.source.rev.slice(0, 12)}`;
  const tree = await readTree(within(read.members, address, label), {
    ...reading,
    label,
    tags: read.tags,
    filename: null,
  });
  const about = (note: Note): Note => ({ ...note, project: tree.name });
  return released(tree, {
    address: read.address,
    source: read.source,
    file: null,
    notes: read.notes.map(about),
    expressionNotes: read.expressionNotes.map(about),
  });
}

async function readSourceArchive(address: ArchiveAddress, reading: Reading): Promise<DirectSource> {
  const archive = await opened(address, reading);
  const { filename, sha256 } = archive;
  const label = redactUrl(address.url);
  const tree = await readTree(within(archive.members, address, label), { ...reading, label, tags: [], filename });
  const file = { ...indexFile(address, { filename, sha256, version: tree.version }), kind: 'sdist' as const };
  const local = localPath(address);
  const source: Source = {
    kind: 'sdist',
    filename,
    sha256,
    url: address.url,
    ...(local === null ? {} : { path: local }),
    ...(address.subdirectory === null
      ? {}
      : { sourceRoot: `${await rootOf(archive.members)}/${address.subdirectory}` }),
  };
  return released(tree, { address: { ...address, sha256 }, source, file, notes: [], expressionNotes: [] });
}

async function readWheel(address: ArchiveAddress, reading: Reading): Promise<DirectSource> {
  const { world, command, name } = reading;
  const { filename, sha256, file: here } = await opened(address, reading);
  const parts = parseWheelName(filename);
  if (parts === null)
    throw new UserError('E_BAD_WHEEL', `${excerpt(filename)} is no name of a wheel`, {
      exit: EXIT.data,
      hint: 'a wheel is called NAME-VERSION-PYTHON-ABI-PLATFORM.whl',
    });
  const file = { ...indexFile(address, { filename, sha256, version: parts.version }), kind: 'wheel' as const };
  const reader = createCachedWheelReader({ world, onProgress: command.onProgress });
  const local = { ...file, url: fileUrl(here) };
  const wheel = await reader.facts(local);
  const links = linkedWheel(local, null) === null ? null : { filename, read: await reader.links(local) };
  const { requirements, notes } = metadataRequirements(wheel.coreMetadata, 'METADATA');
  const found = normalizeName(wheel.coreMetadata.name);
  checkName(found, { name, label: filename });
  const given = localPath(address);
  const release: ReadRelease = {
    name: found,
    version: parts.version.text,
    source: { kind: 'wheel', filename, sha256, url: address.url, ...(given === null ? {} : { path: given }) },
    facts: { kind: 'wheel', wheel, ...(links === null ? {} : { links }) },
    requirements,
    requirementsFrom: originOfMetadata(filename, wheel.coreMetadata),
    requiresPython: wheel.coreMetadata.requiresPython,
    notes,
  };
  return { address: { ...address, sha256 }, version: parts.version, release, file, expressionNotes: [] };
}

function opened(address: ArchiveAddress, { world, command, offline }: Reading): Promise<OpenedArchive> {
  const store = archiveStore(path.join(cacheDirectory(command.environment), 'archives'));
  return openArchive(address, { http: world.http, store, offline });
}

/** What was read of a tree. */
interface ReadTree {
  readonly name: string;
  readonly version: Version;
  readonly facts: SdistFacts;
  readonly notes: readonly Note[];
}

interface TreeContext extends Reading {
  /** For messages. */
  readonly label: string;
  /** Tags on the commit. */
  readonly tags: readonly string[];
  /** Of an archive. */
  readonly filename: string | null;
}

async function readTree(members: () => AsyncIterable<ArchiveMember>, context: TreeContext): Promise<ReadTree> {
  const { label } = context;
  const identity = await treeIdentity(members());
  const name = identity.name === null ? context.name : normalizeName(identity.name);
  if (name !== null) checkName(name, context);
  const { version, notes } = versionOfTree(identity, { ...context, environment: context.command.environment, name });
  // Read even without a name: what is no project at all is told as such.
  const facts = await readSdist(members(), { name: name ?? '', version: version.text, filename: label }).catch(
    atAddress,
  );
  context.command.onProgress({ kind: 'done', what: label });
  if (name === null)
    throw new UserError('E_NO_PROJECT_NAME', `${excerpt(label)} does not tell its name in a form that can be read`, {
      exit: EXIT.data,
      hint: 'write it in front of the address: NAME @ ADDRESS',
    });
  return { name, version, facts, notes: notes.map((note) => ({ ...note, project: name })) };
}

/** What is no project has no other version or wheel that could be taken instead. */
function atAddress(thrown: unknown): never {
  if (!(thrown instanceof UserError) || thrown.code !== 'E_NOT_AN_SDIST') throw thrown;
  throw new UserError(thrown.code, thrown.message, {
    exit: thrown.exit,
    hint: 'name the folder, archive or revision that holds the project itself',
    cause: thrown,
  });
}

function released(
  tree: ReadTree,
  {
    address,
    source,
    file,
    notes,
    expressionNotes,
  }: Omit<DirectSource, 'version' | 'release'> & { readonly source: Source; readonly notes: readonly Note[] },
): DirectSource {
  const { name, version, facts } = tree;
  const stated = staticRequirements(facts, name);
  const { from, extrasFrom } = originsOf(stated.places, facts);
  const release: ReadRelease = {
    name,
    version: version.text,
    source,
    facts: { kind: 'sdist', sdist: facts },
    requirements: stated.requirements,
    requirementsFrom: from,
    extrasFrom,
    requiresPython: requiresPythonOf(facts),
    notes: [...notes, ...tree.notes, ...stated.notes],
  };
  return { address, version, release, file, expressionNotes };
}

function requiresPythonOf({ coreMetadata, pyproject, setupCfg, setupScript }: SdistFacts): string | null {
  const stated = [setupCfg?.pythonRequires, setupScript?.pythonRequires].flatMap((reading) =>
    reading?.kind === 'known' ? [reading.value] : [],
  );
  return coreMetadata?.requiresPython ?? pyproject?.project?.requiresPython ?? stated[0] ?? null;
}

function checkName(found: string, { name, label }: { readonly name: string | null; readonly label: string }): void {
  if (name === null || name === found) return;
  throw new UserError('E_NAME_MISMATCH', `${excerpt(label)} is the project ${found}, and not ${name}`, {
    exit: EXIT.data,
    hint: `write ${found} @ in front of the address, or correct the address`,
  });
}

function within(
  members: () => AsyncIterable<ArchiveMember>,
  { subdirectory }: Pick<SourceAddress, 'subdirectory'>,
  label: string,
): () => AsyncIterable<ArchiveMember> {
  return subdirectory === null ? members : () => rerooted(members(), { subdirectory, label });
}

async function rootOf(members: () => AsyncIterable<ArchiveMember>): Promise<string> {
  for await (const { path } of members()) if (path.includes('/')) return path.slice(0, path.indexOf('/'));
  return '';
}

function indexFile(
  { url }: ArchiveAddress,
  { filename, sha256, version }: { filename: string; sha256: string; version: Version },
): Omit<IndexFile, 'kind'> {
  return {
    filename,
    version: version.text,
    url,
    sha256,
    requiresPython: null,
    size: null,
    uploadTime: null,
    yanked: null,
    coreMetadata: false,
  };
}

function localPath({ url }: ArchiveAddress): string | null {
  return url.startsWith('file:') ? decodeURIComponent(new URL(url).pathname) : null;
}
