import { isDeepStrictEqual } from 'node:util';
import { nearestNames } from '../base/nearest-name.ts';
import { joinWords, sortedUnique } from '../base/text.ts';
import { UserError } from '../base/user-error.ts';
import type { ReadRelease } from '../classify/classify.ts';
import { licencesOf } from '../classify/licence.ts';
import { type LicenceEvidence, licenceEvidence, licenceEvidenceOfMetadata } from '../classify/licence-evidence.ts';
import type { Origin, PackageFacts } from '../classify/package-facts.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import { parseVersion } from '../pep/version.ts';
import { noteLines, orderedNotes } from '../report/notes.ts';
import { attributeOrigins, licencePlaces } from '../report/why-evidence.ts';
import { partsJson, whyJson } from '../report/why-json.ts';
import { licenceOrigins } from '../report/why-licence.ts';
import { whyText } from '../report/why-text.ts';
import { type AttributeOrigins, type TracedPart, traceOf } from '../report/why-trace.ts';
import type { CommandResult } from './options/command.ts';
import type { WhyOptions } from './options/why-options.ts';
import { runOverrides } from './overrides/override-layers.ts';
import type { ReleaseReader } from './release/release-reader.ts';
import { withFoundRun } from './run/found-run.ts';
import type { CommandContext } from './world.ts';

/**
 * `pypi2nix why NAME [INPUT]`: where the inputs and attributes of an expression come from, on stdout.
 * Throws UserError E_NO_SUCH_INPUT (exit 1) for an INPUT that the expression does not have, E_NOT_GENERATED (exit 1) when the package set has the project as it is
 * wanted, and what generating throws.
 */
export async function why(options: WhyOptions, context: CommandContext): Promise<CommandResult> {
  const rulesOf = await runOverrides(options.overrides, context);
  return withFoundRun(options, { context, rulesOf }, async ({ closure, direct, inputs, reader, settled, world }) => {
    const [project = ''] = direct;
    const { packages } = await settled();
    const facts = packages.find(({ name }) => name === project);
    if (facts === undefined)
      throw new UserError('E_NOT_GENERATED', `${project} is not generated, so there is nothing to explain`);
    const known = await originsOfAttributes(facts, reader);
    const all = traceOf(facts, known);
    const parts = options.input === null ? all : partsFor(options.input, all, project);
    const notes = orderedNotes([...inputs.nixpkgsNotes, ...world.notes, ...closure.notes, ...facts.notes]);
    const title = `${facts.name} ${facts.version}`;
    const json = {
      form: 1,
      name: facts.name,
      version: facts.version,
      why: options.input === null ? whyJson(facts, known) : partsJson(parts),
      notes: facts.notes,
    };
    return {
      stdout: options.json ? `${JSON.stringify(json, null, 2)}\n` : whyText({ title, parts }),
      report: (style) => noteLines(options.input === null ? notes : [], style),
    };
  });
}

/** What the release of a package says of its attributes, for `factsJson()` and `traceOf()`. It was read before, so that asking again costs nothing. */
export async function originsOfAttributes(
  facts: PackageFacts,
  reader: Pick<ReleaseReader, 'read'>,
): Promise<AttributeOrigins> {
  const release = await reader.read(facts.name, parseVersion(facts.version));
  return attributeOrigins(facts, { release, licence: licenceOriginsOf(release) });
}

/** The parts that a word means: a list or attribute by its name, or an input by its own, whatever the spelling. */
function partsFor(word: string, parts: readonly TracedPart[], project: string): readonly TracedPart[] {
  const folded = (text: string): string => (isProjectName(text) ? normalizeName(text) : text.toLowerCase());
  const isMeant = (text: string | null): boolean => text !== null && folded(text) === folded(word);
  const found = parts.filter(
    ({ attribute, name }) => isMeant(attribute) || isMeant(name) || isMeant(attribute.split('.')[0] ?? null),
  );
  if (found.length > 0) return found;
  const names = sortedUnique(parts.flatMap(({ attribute, name }) => [attribute, ...(name === null ? [] : [name])]));
  const near = nearestNames(word, names).slice(0, MOST_NAMES);
  throw new UserError('E_NO_SUCH_INPUT', `${project} has no input and no attribute ${JSON.stringify(word)}`, {
    hint: near.length > 0 ? `did you mean ${joinWords(near, 'or')}?` : `pypi2nix why ${project} lists what it has`,
  });
}

const MOST_NAMES = 3;

function licenceOriginsOf(release: ReadRelease): readonly Origin[] {
  const { facts } = release;
  const evidence =
    facts.kind === 'sdist' ? licenceEvidence(facts.sdist) : licenceEvidenceOfMetadata(facts.wheel.coreMetadata);
  const { licences } = licencesOf(evidence);
  return licenceOrigins(evidence, {
    decides: (some) =>
      isDeepStrictEqual(licencesOf({ ...evidence, ...some } satisfies LicenceEvidence).licences, licences),
    placesOf: (kind, text) => licencePlaces(kind, text, release),
  });
}
