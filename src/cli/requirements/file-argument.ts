/** A file that an option names, and the extras that are wanted of it. */
export interface FileArgument {
  readonly file: string;
  readonly extras: readonly string[];
}

/** argument = FILE [ "[" extra *( "," extra ) "]" ] */
export function splitFileArgument(argument: string): FileArgument {
  const open = argument.endsWith(']') ? argument.lastIndexOf('[') : -1;
  if (open <= 0) return { file: argument, extras: [] };
  const extras = argument
    .slice(open + 1, -1)
    .split(',')
    .map((extra) => extra.trim())
    .filter((extra) => extra !== '');
  return { file: argument.slice(0, open), extras };
}
