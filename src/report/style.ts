import picocolors from 'picocolors';

/** The colours of a report. Without colours each function gives its text back. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** The style for a stream that shows colours, or not. */
export function createStyle(colors: boolean): Style {
  const { bold, dim, red, yellow, cyan } = picocolors.createColors(colors);
  return { bold, dim, red, yellow, cyan };
}

/**
 * Whether a stream gets colours: as `--color` says, else NO_COLOR and FORCE_COLOR, else only on a terminal that is not dumb.
 */
export function wantsColors(
  choice: 'auto' | 'always' | 'never',
  stream: { readonly isTTY?: boolean | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if ((environment.NO_COLOR ?? '') !== '') return false;
  if ((environment.FORCE_COLOR ?? '') !== '') return true;
  return stream.isTTY === true && environment.TERM !== 'dumb';
}
