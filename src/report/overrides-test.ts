import { oneLine, printable } from '../base/text.ts';

/** A step of a test with how it ended; `why`: the messages of a failure, or what kept it from being tried. */
export interface TestStep {
  readonly step: 'generate' | 'parse' | 'evaluate' | 'build';
  readonly state: 'passed' | 'failed' | 'not tried';
  readonly why: string | null;
}

/** The steps, one line each. Ends with a line break. */
export function testText({ title, steps }: { readonly title: string; readonly steps: readonly TestStep[] }): string {
  const lines = steps.map(({ step, state, why }) => `  ${step}: ${state}${why === null ? '' : `: ${printable(why)}`}`);
  return `${[oneLine(title), ...lines].join('\n')}\n`;
}

/** The same as one JSON object of the form 1. */
export function testJson({
  requirement,
  steps,
}: {
  readonly requirement: string;
  readonly steps: readonly TestStep[];
}): string {
  return `${JSON.stringify({ form: 1, requirement, steps }, null, 2)}\n`;
}
