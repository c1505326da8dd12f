import type { Option } from 'commander';

/** One width everywhere, so that the text does not depend on the terminal. */
export const HELP_COLUMNS = 100;

/** What stands below the options: examples, and what the exit codes mean. */
export function helpTail(examples: readonly string[]): string {
  return `
Examples:
${examples.map((line) => `  ${line}`).join('\n')}

Exit codes: 0 done, 1 the request cannot be met, 2 wrong use, 65 bad data, 69 index unavailable,
73 cannot write, 74 input or output failed, 78 wrong configuration.`;
}

/** What is not given by default is not worth a word, so of the defaults only those are shown that say something. */
export function optionDescription({ description, argChoices, defaultValue }: Option): string {
  const details = [
    ...(argChoices === undefined ? [] : [argChoices.join(', ')]),
    ...(typeof defaultValue === 'string' || typeof defaultValue === 'number' ? [`default: ${defaultValue}`] : []),
  ];
  return details.length === 0 ? description : `${description} (${details.join('; ')})`;
}
