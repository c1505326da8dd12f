import type { RequirementGroups } from './release-facts.ts';

/**
 * Reads requires.txt of an egg-info folder. The group is `` for the unconditional ones, else `extra`, `:marker` or `extra:marker` as
 * setuptools writes it.
 * file = requirement* ("[" group "]" requirement*)*
 */
export function parseEggRequires(text: string): RequirementGroups {
  const groups = new Map<string, string[]>();
  let group = '';
  for (const raw of text.split(/\r?\n/u)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[') && line.endsWith(']')) {
      group = line.slice(1, -1).trim();
      groups.set(group, groups.get(group) ?? []);
      continue;
    }
    const list = groups.get(group) ?? [];
    list.push(line);
    groups.set(group, list);
  }
  return Object.fromEntries(groups);
}
