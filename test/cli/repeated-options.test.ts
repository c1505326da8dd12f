import { expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/options.ts';

it.each([
  ['--python', 'pythons', ['3.12', '3.13']],
  ['--platform', 'platforms', ['x86_64-linux', 'aarch64-darwin']],
  ['--extras', 'extras', ['a', 'b']],
] as const)('%s given twice means both', (option, field, [first, second]) => {
  const invocation = parseArguments(['it', option, first, option, second], { version: '1', environment: {} });
  expect(invocation).toMatchObject({ kind: 'generate', options: { [field]: [first, second] } });
});
