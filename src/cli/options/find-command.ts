import type { Option } from 'commander';

/** Where the name of a command stands among the arguments. */
export interface FoundCommand {
  /** The name; null when the first word is none, or there is no word. */
  readonly name: string | null;
  /** The arguments without that name. */
  readonly rest: readonly string[];
  /** The first word that is no option, whatever it is. */
  readonly word: string | null;
}

/**
 * Finds the name of a command: the first word that is neither an option nor the value of one, and stands before `--`. So a project that is called like a
 * command can be named with `generate NAME` or `-- NAME`, and options may stand before the command. `options` are those of all commands, because which command
 * it is decides what the options before it mean; an option takes a value in all commands or in none.
 */
export function findCommand(
  args: readonly string[],
  { names, options }: { readonly names: readonly string[]; readonly options: readonly Option[] },
): FoundCommand {
  const valued = new Set(
    options
      .filter(({ required }) => required)
      .flatMap(({ short, long }) => [short, long].filter((flag) => flag !== undefined)),
  );
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '--') return { name: null, rest: args, word: args[at + 1] ?? null };
    if (!word.startsWith('-') || word === '-') {
      const isCommand = names.includes(word);
      return { name: isCommand ? word : null, rest: isCommand ? args.toSpliced(at, 1) : args, word };
    }
    if (valueFollows(word, valued)) at++;
  }
  return { name: null, rest: args, word: null };
}

/** Whether the value of an option is the next argument: `--output DIR`, `-o DIR`, `-qo DIR`, but not `--output=DIR` or `-oDIR`. */
function valueFollows(word: string, valued: ReadonlySet<string>): boolean {
  if (word.startsWith('--')) return valued.has(word);
  const letters = [...word.slice(1)];
  const first = letters.findIndex((letter) => valued.has(`-${letter}`));
  return first >= 0 && first === letters.length - 1;
}
