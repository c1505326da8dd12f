import { compareText, sortedUnique } from '../base/text.ts';
import type {
  AppliedChange,
  Input,
  InputListName,
  Licence,
  LiftedBound,
  Omission,
  Origin,
  PackageFacts,
  TextPart,
} from '../classify/package-facts.ts';

/** Where attributes of a package that are no inputs come from, by attribute name of the modern form. */
export type AttributeOrigins = Readonly<Record<string, readonly Origin[]>>;

/** One input or attribute of an expression, with where it comes from. */
export interface TracedPart {
  /** The attribute of the modern form that it is in or is: `buildInputs`, `optional-dependencies.redis`, `license`. */
  readonly attribute: string;
  /** The name of an input; null for an attribute that is no list of inputs. */
  readonly name: string | null;
  /** The input as a requirement without its marker, or the value of the attribute, as text for a reader. */
  readonly value: string;
  /** `kept`: it is in the expression; `left out`: it would be and cannot; `removed`: a rule took it away. */
  readonly state: 'kept' | 'left out' | 'removed';
  readonly origins: readonly Origin[];
}

/**
 * Everything that a reader of an expression could ask about, in the order of the expression, each with where it comes from: `why` shows it, and `generate --json`
 * has it. `known` has what the release says of attributes; what rules of overrides said takes its place.
 */
export function traceOf(facts: PackageFacts, known: AttributeOrigins = {}): TracedPart[] {
  const inputs: Readonly<Record<InputListName, readonly Input[]>> = facts.inputs;
  const extras = Object.entries(facts.optionalDependencies).sort(([a], [b]) => compareText(a, b));
  const lists = [
    ...Object.entries(inputs),
    ...extras.map(([extra, members]) => [`optional-dependencies.${extra}`, members] as const),
  ];
  return [
    ...lists.flatMap(([attribute, members]) => [
      ...[...members]
        .sort((a, b) => compareText(inputName(a), inputName(b)))
        .map((input) => inputPart(attribute, input)),
      ...omitted(facts.omissions, attribute),
      ...removed(facts, { attribute, members }),
    ]),
    ...facts.omissions.filter(({ list }) => list === 'optional-dependencies').map(omissionPart),
    ...(facts.liftedBuildBounds ?? []).map(liftedPart),
    ...attributeParts(facts, known),
  ];
}

/** The name under which an input stands in an expression. */
export function inputName(input: Input): string {
  return input.kind === 'python' ? input.name : input.attribute;
}

function inputPart(attribute: string, input: Input): TracedPart {
  const { origins } = input;
  if (input.kind === 'system')
    return { attribute, name: input.attribute, value: input.attribute, state: 'kept', origins };
  const extras = input.extras.length === 0 ? '' : `[${input.extras.join(',')}]`;
  return { attribute, name: input.name, value: `${input.name}${extras}${input.specifier}`, state: 'kept', origins };
}

function omitted(omissions: readonly Omission[], attribute: string): TracedPart[] {
  return omissions.filter(({ list }) => list === attribute).map(omissionPart);
}

function omissionPart({ list, name, reason }: Omission): TracedPart {
  const attribute = list === 'optional-dependencies' ? `${list}.${name}` : list;
  return { attribute, name, value: name, state: 'left out', origins: [{ kind: 'inference', text: reason }] };
}

/** What rules took out of a list and nothing put back. */
function removed(
  { overridden = [] }: PackageFacts,
  { attribute, members }: { readonly attribute: string; readonly members: readonly Input[] },
): TracedPart[] {
  const there = new Set(members.map(inputName));
  const byName = new Map<string, Origin[]>();
  for (const { verb, entries, origin } of overridden.filter((change) => change.attribute === attribute)) {
    if (verb !== 'remove') continue;
    for (const name of entries.filter((entry) => !there.has(entry)))
      byName.set(name, [...(byName.get(name) ?? []), origin]);
  }
  return [...byName].map(([name, origins]) => ({ attribute, name, value: name, state: 'removed', origins }));
}

function liftedPart({ name, specifier, version }: LiftedBound): TracedPart {
  const text = `the build does not check ${name}${specifier}, because ${version} is used`;
  return {
    attribute: 'liftedBuildBounds',
    name,
    value: `${name}${specifier}`,
    state: 'left out',
    origins: [{ kind: 'inference', text }],
  };
}

function attributeParts(facts: PackageFacts, known: AttributeOrigins): TracedPart[] {
  return valuesOf(facts).flatMap(({ attribute, value, origins = [], isList = false }): TracedPart[] => {
    const ofRules = rulesFor(attribute, facts.overridden ?? []);
    // A rule that sets a value has the last word; rules about lists are told beside what was there.
    const before = ofRules.some(({ verb }) => verb === 'set' || verb === 'replace')
      ? []
      : [...origins, ...(known[attribute] ?? [])];
    const all = [...before, ...ofRules.map(({ origin }) => origin)];
    if (value === '' && all.length === 0) return [];
    if (value === '' && isList && ofRules.length === 0) return [];
    return [{ attribute, name: null, value: value === '' ? 'none' : value, state: 'kept', origins: all }];
  });
}

interface AttributeValue {
  readonly attribute: string;
  /** Empty: there is none. */
  readonly value: string;
  /** What the facts themselves know. */
  readonly origins?: readonly Origin[];
  readonly isList?: boolean;
}

function valuesOf({ check, meta, ...facts }: PackageFacts): AttributeValue[] {
  const stopped = check.reason === null ? [] : [{ kind: 'inference', text: check.reason } as const];
  const tests = (attribute: 'disabledTests' | 'disabledTestPaths'): AttributeValue => ({
    attribute,
    value: facts[attribute].map(({ test }) => test).join(', '),
    isList: true,
  });
  return [
    {
      attribute: 'checkRunner',
      value: check.runner ?? '',
      origins: check.runner === null && check.enabled !== false ? stopped : [],
    },
    {
      attribute: 'doCheck',
      value: check.enabled === null ? '' : String(check.enabled),
      origins: check.enabled === false ? stopped : [],
    },
    tests('disabledTests'),
    tests('disabledTestPaths'),
    { attribute: 'pythonImportsCheck', value: facts.importsCheck.join(', ') },
    { attribute: 'pythonRelaxDeps', value: facts.relaxDeps.join(', '), isList: true },
    { attribute: 'pythonRemoveDeps', value: facts.removeDeps.join(', '), isList: true },
    {
      attribute: 'disabled',
      value: [
        ...(facts.disabled === null ? [] : [`unless Python is ${facts.disabled.requiresPython}`]),
        ...(facts.disabledOnPyPy === true ? ['on PyPy'] : []),
      ].join(', '),
    },
    ...sortedUnique([...Object.keys(facts.text), ...phasesOf(facts.overridden)]).map((attribute) => ({
      attribute,
      value: textOf(facts.text[attribute as keyof typeof facts.text]),
    })),
    ...sortedUnique(Object.keys(facts.env)).map((name) => ({
      attribute: `env.${name}`,
      value: textOf(facts.env[name]),
    })),
    ...preparation({ check, ...facts }),
    { attribute: 'description', value: meta.description ?? '' },
    { attribute: 'homepage', value: meta.homepage ?? '' },
    { attribute: 'changelog', value: meta.changelog ?? '' },
    { attribute: 'license', value: meta.licences.map(licenceText).join(', ') },
    { attribute: 'mainProgram', value: meta.mainProgram ?? '' },
    { attribute: 'format', value: facts.source.kind },
  ];
}

/** What runs before the tests, where no rule has a script in its place. */
function preparation({ check, text }: Pick<PackageFacts, 'check' | 'text'>): AttributeValue[] {
  const steps = text.preCheck === undefined ? (check.preparation ?? []) : [];
  if (steps.length === 0) return [];
  const value = steps.map(({ script }) => script).join('\n');
  return [{ attribute: 'preCheck', value, origins: steps.map(({ origin }) => origin) }];
}

/** A text with its references as an override file spells them. */
function textOf(parts: readonly TextPart[] = []): string {
  return parts
    .map((part) =>
      typeof part === 'string' ? part : `\${${part.output === 'out' ? '' : `${part.output}:`}${part.attribute}}`,
    )
    .join('')
    .trimEnd();
}

function phasesOf(overridden: readonly AppliedChange[] = []): string[] {
  return overridden.flatMap(({ attribute }) => (/^(?:pre|post)[A-Z]/u.test(attribute) ? [attribute] : []));
}

function licenceText(licence: Licence): string {
  return 'spdx' in licence ? licence.spdx : licence.text;
}

function rulesFor(attribute: string, overridden: readonly AppliedChange[]): readonly AppliedChange[] {
  const own = overridden.filter((change) => change.attribute === attribute);
  const last = own.findLastIndex(({ verb }) => verb === 'set' || verb === 'replace');
  return last < 0 ? own : own.slice(last);
}
