import { expect, it } from 'vitest';
import { targetWords } from '../../src/lock/target-words.ts';
import { target } from './support/read.ts';

it('targets are told in words that hold for exactly them', () => {
  const on = (python: string) => [target(python), target(python, 'darwin')];
  expect(targetWords([...on('3.11'), target('3.13', 'darwin'), ...on('3.12')])).toBe(
    'Python 3.11 and 3.12 on x86_64-linux and aarch64-darwin, and Python 3.13 on aarch64-darwin',
  );
});
