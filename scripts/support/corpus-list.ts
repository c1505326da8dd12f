import { normalizeName } from '../../src/pep/name.ts';
import { tryParseRequirement } from '../../src/pep/requirement.ts';
import { tryParseVersion } from '../../src/pep/version.ts';

/** A project of a list; `version` null stands for the newest. */
export interface ListedProject {
  readonly name: string;
  readonly version: string | null;
}

/**
 * The projects of a list, one a line, each once. Throws an Error with the line for what is no project.
 *
 *     line = [ name [ "==" version ] ] [ "#" any ]
 */
export function parseProjectList(text: string): readonly ListedProject[] {
  const projects = new Map<string, ListedProject>();
  for (const [index, line] of text.split(/\r?\n/u).entries()) {
    const [entry = ''] = line.split('#');
    if (entry.trim() === '') continue;
    const [name = '', version = null, ...more] = entry.split('==').map((part) => part.trim());
    const isVersion = version === null || tryParseVersion(version) !== null;
    if (tryParseRequirement(name)?.spelled !== name || !isVersion || more.length > 0)
      throw new Error(`line ${index + 1}: ${JSON.stringify(entry.trim())} is neither a project nor PROJECT==VERSION`);
    projects.set(normalizeName(name), { name: normalizeName(name), version });
  }
  if (projects.size === 0) throw new Error('lists no project');
  return [...projects.values()];
}
