import { stat } from 'node:fs/promises';
import path from 'node:path';
import { excerpt } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { Marker } from '../../pep/marker.ts';
import { parseRequirement, type Requirement } from '../../pep/requirement.ts';
import type { RequirementTarget } from '../../pep/requirements-target.ts';
import {
  fileUrl,
  formatSourceAddress,
  hasArchiveEnding,
  parseSourceAddress,
  type SourceAddress,
} from '../../pep/source-address.ts';

/** A requirement by address. */
export interface DirectRequirement {
  readonly address: SourceAddress;
  /** PEP 503 name where the user writes one; null: what lies there tells it. */
  readonly name: string | null;
  /** PEP 685 names, sorted. */
  readonly extras: readonly string[];
  readonly marker: Marker | null;
}

export interface DirectPlace {
  /** The folder that relative paths are of, absolute. */
  readonly folder: string;
  readonly editable?: boolean;
  /** Goes before messages: `requirements.txt:3: `. */
  readonly where?: string;
}

/**
 * The address that a target by path or URL stands for; null for a project by name. Paths, and `file:` URLs without a slash, are relative to `folder`.
 * Throws UserError as `parseSourceAddress` does.
 */
export async function directRequirement(
  target: RequirementTarget,
  place: DirectPlace,
): Promise<DirectRequirement | null> {
  if (target.kind === 'requirement') {
    const { requirement } = target;
    if (requirement.url === null) return null;
    const { name, extras, marker, url } = requirement;
    return { address: await addressAt(url, place), name, extras, marker };
  }
  const { location, name, extras, marker, kind } = target;
  const address = kind === 'path' ? await localAddress(location, place) : await addressAt(location, place);
  return { address, name, extras, marker };
}

/** The requirement in the form that the resolver takes: by name, with the text of its address. */
export function namedRequirement({ address, extras, marker }: DirectRequirement, name: string): Requirement {
  return { name, spelled: name, extras, specifier: [], marker, url: formatSourceAddress(address) };
}

async function addressAt(url: string, place: DirectPlace): Promise<SourceAddress> {
  const relative = /^file:(?!\/)([^#]*)/iu.exec(url)?.[1];
  if (relative !== undefined) return await localAddress(relative, place);
  try {
    const address = parseSourceAddress(url);
    return address.kind === 'directory'
      ? { ...address, editable: address.editable || place.editable === true }
      : address;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, `${place.where ?? ''}${error.message}`, {
      exit: error.exit,
      cause: error,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

/** What ends like an archive and is no folder is one. */
async function localAddress(
  location: string,
  { folder, editable = false, where = '' }: DirectPlace,
): Promise<SourceAddress> {
  // No path has a scheme in it: it is a requirement that is spelled wrong, and is told as one.
  if (location.includes('://')) parseRequirement(location);
  const scp = /^(?:git\+)?([\w.-]+@[\w.-]+):(.+)$/u.exec(location);
  if (scp !== null) throw scpAddress(location, { login: scp[1] ?? '', repository: scp[2] ?? '', where });
  const whole = path.resolve(folder, location);
  const found = await stat(whole).catch(() => null);
  const isFolder = found?.isDirectory() === true;
  if (found?.isFile() === true && !hasArchiveEnding(whole)) throw plainFile(location, where);
  return hasArchiveEnding(whole) && !isFolder
    ? { kind: 'archive', url: fileUrl(whole), sha256: null, subdirectory: null }
    : { kind: 'directory', path: whole, editable, subdirectory: null };
}

/** A file that is read by an option, or is no project. */
function plainFile(location: string, where: string): UserError {
  const folder = path.dirname(location);
  const option = location.endsWith('.toml') ? '-p' : /\.(?:txt|in)$/u.test(location) ? '-r' : undefined;
  const beside = `${folder.startsWith('.') || path.isAbsolute(folder) ? folder : `./${folder}`}${folder === '.' ? '/' : ''}`;
  return new UserError(
    'E_INVALID_ADDRESS',
    `${where}${JSON.stringify(excerpt(location))} is neither a folder nor an archive`,
    {
      exit: EXIT.data,
      hint:
        option === undefined
          ? `name the folder of the project, ${beside}, or an archive`
          : `${option} ${location} asks for what it lists${option === '-p' ? `, and ${beside} for the project itself` : ''}`,
    },
  );
}

/** What git itself calls an address, `git@host:a/b`, is none of PEP 508. */
function scpAddress(
  location: string,
  { login, repository, where }: { readonly login: string; readonly repository: string; readonly where: string },
): UserError {
  const message = `${where}${JSON.stringify(excerpt(location))} is no URL`;
  return new UserError('E_INVALID_ADDRESS', message, {
    exit: EXIT.data,
    // As one word it would be shown without the user, as what may be a secret.
    hint: `write git+ssh:// and behind it ${login}/${repository.replace(/^\/+/u, '')}`,
  });
}
