import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compareText } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { normalizeName } from '../pep/name.ts';
import type { FolderSource } from './index-source.ts';
import { type AnnouncedFile, type PageFiles, pageFiles } from './page-files.ts';

/** File names of a folder of distributions, in order. */
export type FolderListing = readonly string[];

/**
 * Lists a `--find-links` folder. What it holds is judged by file name alone; symbolic links are listed like files.
 * Null when it cannot be read although the source is optional (named by the environment or a pip.conf: such settings outlive folders);
 * else UserError `E_NO_SUCH_FOLDER`.
 */
export async function listFolder(source: FolderSource): Promise<FolderListing | null> {
  try {
    const entries = await readdir(source.path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => entry.name)
      .sort(compareText);
  } catch (error) {
    if (source.isOptional) return null;
    throw new UserError('E_NO_SUCH_FOLDER', `the folder ${source.path} of ${source.setBy} cannot be read`, {
      exit: EXIT.config,
      hint: 'name a folder that holds sdists or wheels, or leave the option out',
      cause: error,
    });
  }
}

/** The files of one project in a listed folder. Digests are null: they are computed when a file is read. */
export function folderFiles(source: FolderSource, listing: FolderListing, project: string): PageFiles {
  // Addresses of files are made for those alone that can be of the project: a folder may hold thousands.
  const own = listing.filter((filename) => normalizeName(filename).startsWith(project));
  const announced = own.map((filename) => bareFile(filename, pathToFileURL(join(source.path, filename)).href));
  return ofProject(announced, project, pathToFileURL(`${source.path}/`).href);
}

/** The files of one project among the links of a page that lists files of many projects. */
export function linkedFiles(links: readonly AnnouncedFile[], project: string, pageUrl: string): PageFiles {
  return ofProject(links, project, pageUrl);
}

// Files of other projects are the rule in such places and worth no word.
function ofProject(announced: readonly AnnouncedFile[], project: string, base: string): PageFiles {
  const { files } = pageFiles(announced, { project, base });
  return { files, ignored: [] };
}

function bareFile(filename: string, url: string): AnnouncedFile {
  return {
    filename,
    url,
    sha256: null,
    requiresPython: null,
    size: null,
    uploadTime: null,
    yanked: null,
    coreMetadata: false,
  };
}
