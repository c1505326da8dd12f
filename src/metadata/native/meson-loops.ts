import type { Token } from './build-tokens.ts';
import { evaluateMeson, type MesonScope, type MesonValue } from './meson-values.ts';

/** A `foreach` of a meson.build. */
export interface MesonLoop {
  /** The variables that it sets, one for a list and two for a table. */
  readonly names: readonly string[];
  /** What they are set to in each round; empty where that is not known, or too much. */
  readonly entries: readonly (readonly MesonValue[])[];
  readonly body: readonly Token[];
  /** The index of its `endforeach`. */
  readonly end: number;
}

const MOST_ROUNDS = 50;

/**
 * Reads the loop whose `foreach` is at an index.
 * loop = "foreach" name ["," name] ":" expression line {statement line} "endforeach"
 */
export function mesonLoop(tokens: readonly Token[], at: number, scope: MesonScope): MesonLoop {
  const head = lineEnd(tokens, at);
  const colon = tokens.findIndex((token, i) => i > at && i < head && token.kind === 'mark' && token.value === ':');
  const names = tokens
    .slice(at + 1, colon < 0 ? head : colon)
    .flatMap(({ kind, value }) => (kind === 'name' ? [value] : []));
  const end = loopEnd(tokens, head);
  const values = colon < 0 ? null : evaluateMeson(tokens.slice(colon + 1, head), scope);
  const entries = values === null ? [] : entriesOf(values, names.length);
  return { names, entries: entries.length > MOST_ROUNDS ? [] : entries, body: tokens.slice(head, end), end };
}

function entriesOf(values: MesonValue, names: number): readonly (readonly MesonValue[])[] {
  if (values.kind === 'list' && names === 1) return values.items.map((item) => [item]);
  if (values.kind === 'table' && names === 2)
    return [...values.entries].map(([key, value]) => [{ kind: 'text', value: key }, value]);
  return [];
}

function loopEnd(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    if (tokens[i - 1]?.kind !== 'line' || tokens[i]?.kind !== 'name') continue;
    if (tokens[i]?.value === 'foreach') depth++;
    if (tokens[i]?.value === 'endforeach' && depth-- === 0) return i;
  }
  return tokens.length;
}

/** The index of the line break that ends a statement, outside of all brackets. */
export function lineEnd(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    const token = tokens[i];
    if (token?.kind === 'mark') depth += '([{'.includes(token.value) ? 1 : ')]}'.includes(token.value) ? -1 : 0;
    if (token?.kind === 'line' && depth <= 0) return i;
  }
  return tokens.length;
}
