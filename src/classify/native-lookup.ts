import type { EvidenceKind } from '../metadata/native/native-facts.ts';
import { CONFIG_PROGRAMS } from './config-programs.ts';
import { LIBRARY_ROWS } from './native-names.ts';
import { MORE_LIBRARY_ROWS } from './native-names-more.ts';

/**
 * The nixpkgs attribute of the library that a build asks for by a name of some language; null for what is no input; undefined for a name that is not known
 * here.
 */
export function libraryAttribute(kind: EvidenceKind, name: string): string | null | undefined {
  switch (kind) {
    case 'link':
      return NAMES.l.get(name);
    case 'load':
      return firstKnown([NAMES.l.get(name), NAMES.l.get(name.replace(/^lib/u, ''))]);
    case 'pkg-config':
      return NAMES.p.get(name);
    case 'meson':
      // Meson finds dependencies with pkg-config, else with the modules of CMake.
      return firstKnown([
        NAMES.p.get(name),
        NAMES.p.get(name.toLowerCase()),
        firstOf(NAMES.c, name),
        NAMES.l.get(name),
      ]);
    case 'cmake':
      return NAMES.c.get(name);
    case 'crate':
      return NAMES.r.get(name);
    case 'header':
      return attributeOfHeader(name);
    case 'program':
      return CONFIG_PROGRAMS.get(name)?.library;
    case 'external':
      return firstKnown([
        ATTRIBUTES.has(name) ? name : undefined,
        NAMES.p.get(name),
        NAMES.l.get(name),
        NAMES.l.get(name.replace(/^lib/u, '')),
        firstOf(NAMES.c, name),
      ]);
  }
}

/**
 * All libraries that have a header of this name, the usual one first: libfuse 2 and 3 both have `fuse.h`, each in a folder that pkg-config tells.
 */
export function headerAttributes(header: string): readonly string[] {
  return [
    ...(typeof NAMES.h.get(header) === 'string' ? [NAMES.h.get(header) ?? ''] : []),
    ...(OTHERS.get(header) ?? []),
  ];
}

/** Whether a folder has the name of a library. */
export function isLibraryName(name: string): boolean {
  return ATTRIBUTES.has(name);
}

/** The longest folder that is known; `X11/extensions/XShm.h` itself goes before `X11/`. */
function attributeOfHeader(header: string): string | null | undefined {
  const exact = NAMES.h.get(header);
  if (exact !== undefined) return exact;
  for (let at = header.lastIndexOf('/'); at > 0; at = header.lastIndexOf('/', at - 1)) {
    const known = NAMES.h.get(header.slice(0, at + 1));
    if (known !== undefined) return known;
  }
  return undefined;
}

function firstOf(names: ReadonlyMap<string, string | null>, name: string): string | null | undefined {
  const lower = name.toLowerCase();
  for (const [known, attribute] of names) if (known.toLowerCase() === lower) return attribute;
  return undefined;
}

/** The first that is known; null is known as well. */
function firstKnown(attributes: readonly (string | null | undefined)[]): string | null | undefined {
  return attributes.find((attribute) => attribute !== undefined);
}

type Language = 'l' | 'p' | 'c' | 'r' | 'h';

const NAMES: Readonly<Record<Language, Map<string, string | null>>> = {
  l: new Map(),
  p: new Map(),
  c: new Map(),
  r: new Map(),
  h: new Map(),
};
const ATTRIBUTES = new Set<string>();
/** Attributes of a header after the first. */
const OTHERS = new Map<string, string[]>();

/** row = attribute {" | " language ": " name {" " name}} */
for (const row of [...LIBRARY_ROWS, ...MORE_LIBRARY_ROWS]) {
  const [attribute = '', ...parts] = row.split(' | ');
  if (attribute !== '-') ATTRIBUTES.add(attribute);
  for (const part of parts) {
    const [language, names = ''] = part.split(': ');
    if (language !== 'l' && language !== 'p' && language !== 'c' && language !== 'r' && language !== 'h') continue;
    for (const name of names.split(' ')) {
      if (language === 'h' && NAMES.h.has(name)) OTHERS.set(name, [...(OTHERS.get(name) ?? []), attribute]);
      else NAMES[language].set(name, attribute === '-' ? null : attribute);
    }
  }
}
