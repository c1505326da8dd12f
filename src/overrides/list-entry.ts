import { isProjectName, normalizeName } from '../pep/name.ts';
import { parseRequirement } from '../pep/requirement.ts';
import { formatSpecifierSet } from '../pep/specifier.ts';
import { mentionsExtra } from './marker-variables.ts';
import type { InputEntry } from './rule.ts';

/** An attribute of nixpkgs, for example `libxml2` or `xorg.libX11`. */
export const SYSTEM_ATTRIBUTE = /^[A-Za-z_][A-Za-z0-9_'-]*(?:\.[A-Za-z_][A-Za-z0-9_'-]*)*$/u;

/** What a plain entry of a list means. */
export type EntryKind = InputEntry['kind'];

/**
 * Reads an entry of a list of inputs.
 *
 *     entry  = [ "python:" ] PEP 508 requirement without URL      in lists of Python projects
 *            | [ "system:" ] attribute                            in buildInputs and nativeBuildInputs
 *
 * The other kind needs its prefix. Throws UserError (of the requirement) or returns the fault as a clause.
 */
export function parseEntry(text: string, plain: EntryKind): InputEntry | { readonly fault: string } {
  const colon = text.indexOf(':');
  const prefix = text.slice(0, Math.max(colon, 0));
  const kind = prefix === 'python' || prefix === 'system' ? prefix : plain;
  const body = (kind === prefix ? text.slice(colon + 1) : text).trim();
  return kind === 'system' ? systemEntry(body) : pythonEntry(body);
}

/** The entry as messages show it: the project or the attribute. */
export function entryName(entry: InputEntry): string {
  return entry.kind === 'python' ? entry.name : entry.attribute;
}

function systemEntry(attribute: string): InputEntry | { readonly fault: string } {
  if (SYSTEM_ATTRIBUTE.test(attribute)) return { kind: 'system', attribute };
  return { fault: `\`${attribute}\` is no attribute of nixpkgs; a Python project is written python:NAME here` };
}

function pythonEntry(text: string): InputEntry | { readonly fault: string } {
  if (isProjectName(text)) {
    return { kind: 'python', name: normalizeName(text), extras: [], specifier: '', marker: null };
  }
  const requirement = parseRequirement(text);
  if (requirement.url !== null) return { fault: `\`${text}\` names a URL; an input is a project of the package set` };
  if (requirement.marker !== null && mentionsExtra(requirement.marker)) {
    return { fault: `\`${text}\` depends on an extra; write optional-dependencies.EXTRA.add` };
  }
  return {
    kind: 'python',
    name: requirement.name,
    extras: requirement.extras,
    specifier: formatSpecifierSet(requirement.specifier),
    marker: requirement.marker,
  };
}
