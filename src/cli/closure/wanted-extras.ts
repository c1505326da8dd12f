import type { Note } from '../../base/note.ts';
import { joinWords, sortedUnique } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { PackageFacts } from '../../classify/package-facts.ts';
import type { Marker } from '../../pep/marker.ts';
import { normalizeName } from '../../pep/name.ts';
import type { Requirement } from '../../pep/requirement.ts';
import type { GenerateOptions } from '../options.ts';

export interface WantedExtras {
  readonly wanted: GenerateOptions['extras'];
  /** PEP 503 names of the projects that the user named. */
  readonly direct: readonly string[];
}

/** The extras (normalised) that the markers of requirements name. */
export function extrasNamedBy(requirements: readonly Requirement[]): readonly string[] {
  return sortedUnique(requirements.flatMap(({ marker }) => (marker === null ? [] : extrasOfMarker(marker))));
}

function extrasOfMarker(marker: Marker): string[] {
  if (marker.kind !== 'compare') return marker.operands.flatMap(extrasOfMarker);
  const { left, right } = marker;
  const [variable, literal] = left.kind === 'variable' ? [left, right] : [right, left];
  if (variable.kind !== 'variable' || variable.name !== 'extra' || literal.kind !== 'literal') return [];
  return literal.value.split(',').map((extra) => normalizeName(extra.trim()));
}

/**
 * What `--extras` names and no project that the user named has: E_NO_SUCH_EXTRA (exit 2), with those that they have.
 * `declared` are the extras (normalised) of each package.
 */
export function unknownExtras(
  declared: ReadonlyMap<string, ReadonlySet<string>>,
  { wanted, direct }: WantedExtras,
): readonly UserError[] {
  if (typeof wanted === 'string') return [];
  const has = direct.map((project) => ({ project, extras: sortedUnique(declared.get(project) ?? []) }));
  const all = new Set(has.flatMap(({ extras }) => extras));
  const told = has.map(({ project, extras }) => `${project} has ${extras.length === 0 ? 'none' : joinWords(extras)}`);
  return wanted
    .filter((extra) => !all.has(extra))
    .map(
      (extra) =>
        new UserError('E_NO_SUCH_EXTRA', `--extras: no named project has an extra ${JSON.stringify(extra)}`, {
          hint: told.join('; '),
          exit: EXIT.usage,
        }),
    );
}

/** Notes on extras that `--extras` names and that projects have for their tests or development only, which become no `optional-dependencies`. */
export function groupNotes(
  {
    packages,
    declaredExtras,
  }: { readonly packages: readonly PackageFacts[]; readonly declaredExtras: ReadonlyMap<string, ReadonlySet<string>> },
  { wanted, direct }: WantedExtras,
): readonly Note[] {
  if (typeof wanted === 'string') return [];
  return packages
    .filter(({ name }) => direct.includes(name))
    .flatMap(({ name, optionalDependencies }) =>
      wanted
        .filter((extra) => declaredExtras.get(name)?.has(extra) === true && !Object.hasOwn(optionalDependencies, extra))
        .map(
          (extra): Note => ({
            kind: 'omitted',
            text: `the extra ${extra} is left out: nothing that users install belongs to it`,
            project: name,
          }),
        ),
    );
}

/**
 * Extras that `--extras` asks of the projects that the user named and to which packages belong that are neither in the set nor generated: E_NOT_IN_PACKAGE_SET.
 * With `available` there are none: such extras are left out. `declared` are the packages before they were fitted to the set.
 */
export function missingExtras(
  declared: readonly PackageFacts[],
  { wanted, direct, has }: WantedExtras & { readonly has: (project: string) => boolean },
): readonly UserError[] {
  if (wanted === 'available' || wanted === 'none') return [];
  const named = declared.filter(({ name }) => direct.includes(name));
  return named.flatMap((facts) =>
    Object.entries(facts.optionalDependencies).flatMap(([extra, inputs]) => {
      if (wanted !== 'all' && !wanted.includes(extra)) return [];
      const lacking = inputs.flatMap((input) => (input.kind === 'python' && !has(input.name) ? [input.name] : []));
      return lacking.length === 0 ? [] : [missingExtra(facts.name, extra, sortedUnique(lacking))];
    }),
  );
}

function missingExtra(project: string, extra: string, lacking: readonly string[]): UserError {
  return new UserError(
    'E_NOT_IN_PACKAGE_SET',
    `the extra ${extra} of ${project} needs ${joinWords(lacking)}, which the package set does not have`,
    { hint: `ask for ${project}[${extra}], so that they are generated too, or leave out the extra with --extras` },
  );
}
