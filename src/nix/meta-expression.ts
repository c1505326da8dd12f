import type { Note } from '../base/note.ts';
import { oneLine, sortedUnique } from '../base/text.ts';
import type { ArchiveSource, Licence, PackageFacts, Source } from '../classify/package-facts.ts';
import type { Dialect } from './dialect.ts';
import { assign, type Binding, type Expression, list, select, set, string } from './expression.ts';
import type { PackageNames } from './package-names.ts';
import type { Scope } from './scope.ts';

/** What `meta` is made with. */
export interface MetaOptions {
  readonly dialect: Dialect;
  readonly scope: Scope;
  readonly names: PackageNames;
  /** Handles of `lib.maintainers`, as the user named them. */
  readonly maintainers: readonly string[];
}

/** The set `meta`, null when there is nothing to say. A licence that `lib.licenses` has no name for is a comment and a note: an unknown name would fail. */
export function metaExpression(
  facts: PackageFacts,
  options: MetaOptions,
): { readonly expression: Expression | null; readonly comments: readonly string[]; readonly notes: readonly Note[] } {
  const { description, homepage, changelog, mainProgram, licences } = facts.meta;
  const licence = licenceExpression(licences, options);
  const texts = {
    description: options.dialect.description === 'stated' ? description : styled(description, facts.name),
    homepage,
    changelog,
    mainProgram,
  };
  const bindings = options.dialect.meta.flatMap((name): Binding[] => {
    if (name === 'license')
      return licence.expression === null ? [] : [assign(name, licence.expression, { comments: licence.comments })];
    if (name === 'maintainers') return maintainersOf(options);
    if (name === 'sourceProvenance') return provenanceOf(facts.source, options);
    if (name === 'platforms') return platformsOf(facts.source);
    const text = oneLine(texts[name] ?? '');
    return text === '' ? [] : [assign(name, string(text))];
  });
  return {
    expression: bindings.length === 0 ? null : set(bindings),
    comments: licence.expression === null && bindings.length > 0 ? licence.comments : [],
    notes: licence.comments.map((text) => ({ kind: 'omitted', text, project: facts.name })),
  };
}

function licenceExpression(
  licences: readonly Licence[],
  { scope, names }: MetaOptions,
): { readonly expression: Expression | null; readonly comments: readonly string[] } {
  const comments: string[] = [];
  const attributes = licences.flatMap((licence) => {
    const attribute = 'spdx' in licence ? names.licenceAttribute(licence.spdx) : null;
    if (attribute === null)
      comments.push(
        `lib.licenses has no name for the licence ${oneLine('spdx' in licence ? licence.spdx : licence.text)}`,
      );
    return attribute === null ? [] : [attribute];
  });
  const expressions = [...new Set(attributes)].map((attribute) => scope.licence(attribute));
  const [first] = expressions;
  if (first === undefined) return { expression: null, comments };
  return { expression: expressions.length === 1 ? first : list(expressions), comments };
}

/**
 * As nixpkgs wants descriptions since 2024: neither the name of the package (PEP 503) nor an article before it, and a capital first. A first word in letters of its own choice
 * (`iPython`) stays.
 */
function styled(description: string | null, name: string): string | null {
  if (description === null) return null;
  const told = withoutName(oneLine(description), name);
  const rest = told.replace(/^(?:an?|the) (?=\S)/iu, '');
  return /^[a-z]+(?=[\s,:-])/u.test(rest) || rest !== told ? rest.charAt(0).toUpperCase() + rest.slice(1) : rest;
}

/** description = name (( "is" / "are" ) / ":" / "-" / "--" / dash ) rest */
function withoutName(description: string, name: string): string {
  const [, first = '', rest = ''] = /^(\S+?)(?: (?:is|are) | ?(?::|--?|[–—]) )(\S.*)$/u.exec(description) ?? [];
  return first.toLowerCase().replaceAll(/[-_.]+/gu, '-') === name ? rest : description;
}

function maintainersOf({ scope, maintainers }: MetaOptions): Binding[] {
  const handles = [...new Set(maintainers)];
  if (handles.length === 0) return [];
  return [assign('maintainers', list(handles.map((handle) => select(scope.helper('lib'), 'maintainers', handle))))];
}

/** What is not made from its source, as nixpkgs wants it told. */
function provenanceOf(source: Source, { scope }: MetaOptions): Binding[] {
  if (!isCompiledWheel(source)) return [];
  return [assign('sourceProvenance', list([select(scope.helper('lib'), 'sourceTypes', 'binaryNativeCode')]))];
}

/** The systems that a wheel is for, where it is not for all: `src` is for no other. */
function platformsOf(source: Source): Binding[] {
  if (!isCompiledWheel(source)) return [];
  const systems = sortedUnique((source.wheels ?? []).map(({ system }) => system));
  return systems.length === 0 ? [] : [assign('platforms', list(systems.map((system) => string(system))))];
}

function isCompiledWheel(source: Source): source is ArchiveSource {
  if (source.kind !== 'wheel') return false;
  return [source, ...(source.wheels ?? [])].some(({ filename }) => !filename.endsWith('-any.whl'));
}
