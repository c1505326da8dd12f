import * as v from 'valibot';
import { tryParseRequirement } from '../../pep/requirement.ts';
import type { Place } from '../release-facts.ts';
import type { NativeEvidence, NativeTool } from './native-facts.ts';

const Texts = v.optional(v.array(v.string()), []);
const ExternalSchema = v.looseObject({
  'build-requires': Texts,
  'host-requires': Texts,
  dependencies: Texts,
});

/**
 * `[external]` of pyproject.toml (PEP 725): libraries of `host-requires` and `dependencies` as evidence, programs of `build-requires` as tools.
 * url = ("dep" | "pkg") ":" type "/" name ["@" version], type "virtual" has a word more: `dep:virtual/compiler/c`
 */
export function readExternal(
  table: unknown,
  place: Place,
): { readonly evidence: readonly NativeEvidence[]; readonly tools: readonly NativeTool[] } {
  const decoded = v.safeParse(ExternalSchema, table);
  if (!decoded.success) return { evidence: [], tools: [] };
  const { 'build-requires': build, 'host-requires': host, dependencies } = decoded.output;
  const named = (urls: readonly string[]) =>
    urls.flatMap((url) => {
      const name = nameOf(url);
      return name === null ? [] : [{ name, when: 'always' as const, ...markerOf(url), ...place }];
    });
  return {
    evidence: named([...host, ...dependencies]).map((one) => ({ kind: 'external' as const, ...one })),
    // A tool that is there for nothing does no harm.
    tools: named(build).map(({ marker: _, ...tool }) => tool),
  };
}

/** `dep:generic/libxml2@>=2` gives `libxml2`, `dep:virtual/compiler/fortran` gives `fortran`. */
function nameOf(url: string): string | null {
  const match = /^(?:dep|pkg):([a-z]+)\/([\w.+/-]{1,100})(?:@[^;]*)?(?:;.*)?$/iu.exec(url.trim());
  if (match === null) return null;
  const path = match[2] ?? '';
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}

/** The condition behind `;`; one that is not understood is passed over, since a library that is there for nothing does less harm than one that is missing. */
function markerOf(url: string): { marker?: string } {
  const at = url.indexOf(';');
  const text = at < 0 ? '' : url.slice(at + 1).trim();
  return text === '' || tryParseRequirement(`x; ${text}`) === null ? {} : { marker: text };
}
