import type { SyntaxNode } from '@lezer/common';
import { parse } from 'toml';
import type { Place } from '../release-facts.ts';
import type { CallArguments, NativeFunction } from './call-arguments.ts';
import { evaluateItems } from './expression.ts';
import { countStep, type Machine, newList, newTable } from './machine.ts';
import { describe } from './operators.ts';
import { childrenOf, itemsOf, parsePython, statementsOf } from './syntax.ts';
import { bool, itemsFrom, lift, NONE, str, unknown, type Value } from './value.ts';

/** Functions that read data of a text or an open file. */
export const DATA_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ...['json.load', 'json.loads'].map((name) => [name, reading((text) => JSON.parse(text) as unknown)] as const),
  ...['tomllib', 'tomli', 'toml', 'pytoml'].flatMap((module) =>
    ['load', 'loads'].map((name) => [`${module}.${name}`, reading((text) => parse(text) as unknown)] as const),
  ),
  ['ast.literal_eval', literalEval],
];

/** What a text says that is a Python literal: `ast.literal_eval("['a', 'b']")`. */
function literalEval(machine: Machine, args: CallArguments): Value {
  return lift(args.positional[0] ?? NONE, (text) => {
    if (text.kind !== 'string') return unknown(`reads a literal from ${describe(text)}`, args.place);
    countStep(machine, text.value.length >> 6);
    const { file, line = 1 } = args.place;
    const parsed = parsePython(file, text.value.replace(/^[ \t]+/u, ''));
    // The text is no file, so that all of it is at the place of the call.
    const source = { ...parsed, lineStarts: Array.from({ length: line }, () => 0) };
    const [statement, ...others] = statementsOf(source.root);
    if (statement?.name !== 'ExpressionStatement' || others.length > 0 || !isLiteral(statement))
      return unknown('reads a literal that is none', args.place);
    const globals = newTable(machine, 'scope');
    const scope = { globals, scopes: [], globalNames: new Set<string>() };
    const items = evaluateItems(machine, { source, ...scope, exits: [], base: 0, package: '' }, itemsOf(statement));
    const [first] = items;
    return first !== undefined && items.length === 1 ? first.value : { kind: 'tuple', items };
  });
}

function isLiteral(statement: SyntaxNode): boolean {
  const open = itemsOf(statement);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!LITERALS.has(node.name)) return false;
    if (node.name === 'UnaryExpression' && childrenOf(node)[1]?.name !== 'Number') return false;
    if (node.name !== 'UnaryExpression') for (const item of itemsOf(node)) open.push(item);
  }
  return true;
}

const LITERALS: ReadonlySet<string> = new Set([
  ...['String', 'ContinuedString', 'Number', 'Boolean', 'None', 'UnaryExpression', 'ParenthesizedExpression'],
  ...['TupleExpression', 'ArrayExpression', 'SetExpression', 'DictionaryExpression'],
]);

function reading(decode: (text: string) => unknown): NativeFunction {
  return (machine: Machine, args: CallArguments): Value =>
    lift(args.positional[0] ?? NONE, (source) => {
      const text = source.kind === 'file' ? source.text : source.kind === 'string' ? source.value : null;
      if (text === null) return unknown(`reads data from ${describe(source)}`, args.place);
      countStep(machine, text.length >> 8);
      const data = decoded(text.replace(/^\ufeff/u, ''), decode);
      return data === undefined
        ? unknown('reads data that is not valid', args.place)
        : valueOfData(machine, data, args.place, 0);
    });
}

/** Undefined for what is not valid, or nested too deeply to be read. */
function decoded(text: string, decode: (text: string) => unknown): unknown {
  try {
    return decode(text);
  } catch {
    // The caller says so in the place of the value.
    return undefined;
  }
}

const DEEPEST = 50;

function valueOfData(machine: Machine, data: unknown, place: Place, depth: number): Value {
  countStep(machine);
  if (depth > DEEPEST) return unknown('reads data that is nested too deeply', place);
  if (data === null) return NONE;
  if (typeof data === 'string') return str(data);
  if (typeof data === 'boolean') return bool(data);
  if (Array.isArray(data))
    return newList(machine, itemsFrom(data.map((one: unknown) => valueOfData(machine, one, place, depth + 1))));
  // The text of a number (1.0 or 1) is gone.
  if (typeof data !== 'object' || data instanceof Date) return unknown('reads a number or a date from data', place);
  const slots = Object.entries(data).map(
    ([key, one]: [string, unknown]) => [key, { value: valueOfData(machine, one, place, depth + 1), place }] as const,
  );
  return { kind: 'ref', id: newTable(machine, 'dict', slots) };
}
