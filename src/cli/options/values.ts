import { InvalidArgumentError } from 'commander';

/** An option that may be given several times, each time with one value. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, filled(value)];
}

/** A value that is not empty: an empty text is a variable of a script that has no value, and would mean the working directory or the default. */
export function filled(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It is empty.');
  return value;
}

/** A list with commas; given several times, the lists are joined. */
export function list(value: string, before: readonly string[] = []): readonly string[] {
  const parts = value.split(',').map((part) => part.trim());
  if (parts.includes('')) throw new InvalidArgumentError('An empty entry in the list.');
  return [...before, ...parts];
}

/** A whole number in a range, both ends included. */
export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,9}$/u.test(value) ? Number(value) : Number.NaN;
    if (!(number >= least && number <= most))
      throw new InvalidArgumentError(`A whole number from ${least} to ${most} is needed.`);
    return number;
  };
}
