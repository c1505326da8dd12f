import { describe, expect, it } from 'vitest';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { dialectFor } from '../../src/nix/dialect.ts';
import { packageExpression } from '../../src/nix/package-expression.ts';
import { printExpression } from '../../src/nix/print.ts';
import { setScope } from '../../src/nix/scope.ts';
import { packageFacts, toPrint } from './support/facts.ts';

const DIALECT = dialectFor('18.03');

function disabledOf(facts: PackageFacts): string | undefined {
  const scope = setScope({ defined: new Set(DIALECT.groups.flat()) });
  const text = printExpression(packageExpression(toPrint(facts), { dialect: DIALECT, scope }).expression);
  return /^\s*(disabled = .*)$/mu.exec(text)?.[1];
}

describe('disabled', () => {
  it.each([
    [{ disabled: null }, undefined],
    [{ disabled: null, disabledOnPyPy: true }, 'disabled = self.isPyPy;'],
    [{ disabled: { requiresPython: '>=3.5' } }, 'disabled = self.pythonOlder "3.5";'],
    [
      { disabled: { requiresPython: '>=3.5' }, disabledOnPyPy: true },
      'disabled = self.pythonOlder "3.5" || self.isPyPy;',
    ],
  ] as const)('of %j is %s', (given, expected) => {
    expect(disabledOf(packageFacts(given))).toBe(expected);
  });
});
