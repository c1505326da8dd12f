import { generateCommand } from './generate-options.ts';
import { lockCommand } from './lock-options.ts';
import { overridesCommand } from './overrides-options.ts';
import { treeCommand } from './tree-options.ts';
import { whyCommand } from './why-options.ts';

/** All commands, in the order of `--help`. The first is what happens without a command. */
export const COMMANDS = [generateCommand, lockCommand, treeCommand, whyCommand, overridesCommand] as const;
