import type { Note } from '../base/note.ts';
import { oneLine } from '../base/text.ts';
import type { Licence, PackageFacts } from '../classify/package-facts.ts';
import type { Dialect } from './dialect.ts';
import { assign, type Binding, type Expression, list, select, set, string } from './expression.ts';
import type { PackageNames } from './package-names.ts';
import type { Scope } from './scope.ts';

/** What `meta` is made with. */
export interface MetaOptions {
  readonly dialect: Dialect;
  readonly scope: Scope;
  readonly names: PackageNames;
  readonly maintainer: string | undefined;
}

/** The set `meta`, null when there is nothing to say. A licence that `lib.licenses` has no name for is a comment and a note: an unknown name would fail. */
export function metaExpression(
  facts: PackageFacts,
  options: MetaOptions,
): { readonly expression: Expression | null; readonly comments: readonly string[]; readonly notes: readonly Note[] } {
  const { description, homepage, changelog, mainProgram, licences } = facts.meta;
  const licence = licenceExpression(licences, options);
  const texts = {
    description: options.dialect.description === 'stated' ? description : styled(description),
    homepage,
    changelog,
    mainProgram,
  };
  const bindings = options.dialect.meta.flatMap((name): Binding[] => {
    if (name === 'license')
      return licence.expression === null ? [] : [assign(name, licence.expression, { comments: licence.comments })];
    if (name === 'maintainers') return maintainers(options);
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

/** As nixpkgs wants descriptions since 2024: no article before it, and a capital first. A first word in letters of its own choice (`iPython`) stays. */
function styled(description: string | null): string | null {
  if (description === null) return null;
  const rest = description.replace(/^(?:an?|the)\s+(?=\S)/iu, '');
  return /^[a-z]+(?=[\s,:-])/u.test(rest) || rest !== description ? rest.charAt(0).toUpperCase() + rest.slice(1) : rest;
}

function maintainers({ scope, maintainer }: MetaOptions): Binding[] {
  if (maintainer === undefined) return [];
  return [assign('maintainers', list([select(scope.helper('lib'), 'maintainers', maintainer)]))];
}
