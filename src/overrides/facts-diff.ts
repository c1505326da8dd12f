import { compareText, oneLine } from '../base/text.ts';
import type { Input, PackageFacts, TextPart } from '../classify/package-facts.ts';
import { formatMarker, type Marker } from '../pep/marker.ts';

/** What one rule changed: lines of `factLines()` that are gone and that are new. */
export interface FactsDiff {
  readonly gone: readonly string[];
  readonly added: readonly string[];
}

/** What distinguishes the facts of a package after a rule from those before it. */
export function factsDiff(before: PackageFacts, after: PackageFacts): FactsDiff {
  const old = factLines(before);
  const now = factLines(after);
  return { gone: old.filter((line) => !now.includes(line)), added: now.filter((line) => !old.includes(line)) };
}

/**
 * What the expression of a package says, one line for each input and value: `buildInputs: libxml2`. Where an input comes from, comments and notes are left out, so that
 * two packages with the same lines are built in the same way.
 */
export function factLines(facts: PackageFacts): string[] {
  const extras = Object.entries(facts.optionalDependencies).map(
    ([extra, inputs]) => [`optional-dependencies.${extra}`, inputs] as const,
  );
  const { meta, check } = facts;
  const lines = [
    ...[...Object.entries(facts.inputs), ...extras].flatMap(([list, inputs]) =>
      inputs.map((input) => `${list}: ${inputText(input)}`).sort(compareText),
    ),
    ...(check.runner === null ? [] : [`checkRunner: ${check.runner}`]),
    ...(check.enabled === null ? [] : [`doCheck: ${check.enabled}`]),
    ...(facts.disabledOnPyPy === true ? ['disabledOnPyPy: true'] : []),
    ...facts.disabledTests.map(({ test }) => `disabledTests: ${test}`),
    ...facts.disabledTestPaths.map(({ test }) => `disabledTestPaths: ${test}`),
    ...facts.importsCheck.map((module) => `pythonImportsCheck: ${module}`),
    ...facts.relaxDeps.map((name) => `pythonRelaxDeps: ${name}`),
    ...facts.removeDeps.map((name) => `pythonRemoveDeps: ${name}`),
    ...(facts.patches ?? []).map(({ name }) => `patches: ${name}`),
    ...Object.entries(facts.text).flatMap(([phase, parts]) => textLines(phase, parts ?? [])),
    ...Object.entries(facts.env).flatMap(([name, parts]) => textLines(`env.${name}`, parts)),
    ...(['description', 'homepage', 'changelog', 'mainProgram'] as const).flatMap((field) =>
      meta[field] === null ? [] : [`${field}: ${meta[field]}`],
    ),
    ...meta.licences.map((licence) => `license: ${'spdx' in licence ? licence.spdx : licence.text}`),
  ];
  return lines.map(oneLine);
}

function inputText(input: Input): string {
  if (input.kind === 'system') return input.attribute;
  const extras = input.extras.length === 0 ? '' : `[${input.extras.join(',')}]`;
  return `${input.name}${extras}${input.specifier}${markerText(input.marker)}`;
}

function markerText(marker: Marker | null): string {
  return marker === null ? '' : `; ${formatMarker(marker)}`;
}

function textLines(attribute: string, parts: readonly TextPart[]): string[] {
  const text = parts.map((part) =>
    typeof part === 'string' ? part : `\${${part.output === 'out' ? '' : `${part.output}:`}${part.attribute}}`,
  );
  return text
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => `${attribute}: ${line}`);
}
