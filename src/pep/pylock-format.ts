import { formatMarker, type Marker } from './marker.ts';
import type { Pylock, PylockArchive, PylockFile, PylockPackage } from './pylock.ts';
import { derivedFilename } from './pylock-rules.ts';
import { type Line, tomlDateTime, tomlDocument, tomlInline, tomlString } from './pylock-toml.ts';
import type { TextTable } from './toml-text.ts';

/**
 * The text of a lock file: keys in the order of the standard, one entry of a list a line, `[[packages]]` in the given order.
 * `parsePylock` reads the same lock from it, but for fractions of a second beyond milliseconds. Lone halves of surrogate pairs, which TOML
 * cannot have, become U+FFFD.
 */
export function formatPylock(lock: Pylock): string {
  const top: Line[] = [
    ['lock-version', tomlString(lock.lockVersion)],
    ['environments', lock.environments.length === 0 ? null : texts(lock.environments.map(formatMarker))],
    ['requires-python', text(lock.requiresPython)],
    ['extras', lock.extras === null ? null : texts(lock.extras)],
    ['dependency-groups', lock.dependencyGroups === null ? null : texts(lock.dependencyGroups)],
    ['default-groups', lock.defaultGroups.length === 0 ? null : texts(lock.defaultGroups)],
    ['created-by', tomlString(lock.createdBy)],
    // Without it a lock of nothing would lack a key that has to be there.
    ['packages', lock.packages.length === 0 ? '[]' : null],
  ];
  const blocks = [lines(top), ...lock.packages.map(packageText)];
  if (Object.keys(lock.tool).length > 0) blocks.push(tomlDocument(lock.tool, ['tool']));
  return `${blocks.join('\n\n')}\n`;
}

function packageText(entry: PylockPackage): string {
  const { vcs, directory, archive, sdist } = entry;
  const body = lines([
    ['name', tomlString(entry.name)],
    ['version', text(entry.version)],
    ['marker', markerText(entry.marker)],
    ['requires-python', text(entry.requiresPython)],
    ['dependencies', entry.dependencies === null ? null : items(entry.dependencies.map((table) => tomlInline(table)))],
    [
      'vcs',
      vcs === null
        ? null
        : inline([
            ['type', tomlString(vcs.type)],
            ['url', text(vcs.url)],
            ['path', text(vcs.path)],
            ['requested-revision', text(vcs.requestedRevision)],
            ['commit-id', tomlString(vcs.commitId)],
            ['subdirectory', text(vcs.subdirectory)],
          ]),
    ],
    [
      'directory',
      directory === null
        ? null
        : inline([
            ['path', tomlString(directory.path)],
            ['editable', directory.editable ? 'true' : null],
            ['subdirectory', text(directory.subdirectory)],
          ]),
    ],
    [
      'archive',
      archive === null ? null : inline([...sourceLines(archive), ['subdirectory', text(archive.subdirectory)]]),
    ],
    ['index', text(entry.index)],
    ['sdist', sdist === null ? null : fileText(sdist)],
    ['wheels', entry.wheels.length === 0 ? null : items(entry.wheels.map(fileText))],
    [
      'attestation-identities',
      entry.attestationIdentities === null
        ? null
        : items(entry.attestationIdentities.map((table) => tomlInline(table))),
    ],
    ['tool', toolText(entry.tool)],
  ]);
  return `[[packages]]\n${body}`;
}

function toolText(tool: TextTable | null): string | null {
  return tool === null ? null : tomlInline(tool);
}

function fileText(file: PylockFile): string {
  const isDerived = derivedFilename(file) === file.name;
  return inline([['name', isDerived ? null : tomlString(file.name)], ...sourceLines(file)]);
}

function sourceLines({ url, path, size, uploadTime, hashes }: Omit<PylockArchive, 'subdirectory'>): Line[] {
  return [
    ['url', text(url)],
    ['path', text(path)],
    ['upload-time', uploadTime === null ? null : tomlDateTime(uploadTime)],
    ['size', size === null ? null : String(size)],
    ['hashes', tomlInline(hashes)],
  ];
}

function markerText(marker: Marker | null): string | null {
  return marker === null ? null : tomlString(formatMarker(marker));
}

function text(value: string | null): string | null {
  return value === null ? null : tomlString(value);
}

function texts(values: readonly string[]): string {
  const written = values.map(tomlString);
  const short = `[${written.join(', ')}]`;
  return short.length <= 100 ? short : items(written);
}

function items(written: readonly string[]): string {
  return written.length === 0 ? '[]' : `[\n${written.map((item) => `    ${item},\n`).join('')}]`;
}

function inline(pairs: readonly Line[]): string {
  return `{ ${pairs.flatMap(([key, value]) => (value === null ? [] : [`${key} = ${value}`])).join(', ')} }`;
}

function lines(pairs: readonly Line[]): string {
  return pairs.flatMap(([key, value]) => (value === null ? [] : [`${key} = ${value}`])).join('\n');
}
