import { addCommand } from './add-options.ts';
import { checkCommand } from './check-options.ts';
import { envCommand } from './env-options.ts';
import { generateCommand } from './generate-options.ts';
import { initCommand } from './init-options.ts';
import { lockCommand } from './lock-options.ts';
import { overridesCommand } from './overrides-options.ts';
import { regenerateCommand } from './regenerate-options.ts';
import { removeCommand } from './remove-options.ts';
import { searchCommand } from './search-options.ts';
import { treeCommand } from './tree-options.ts';
import { updateCommand } from './update-options.ts';
import { whyCommand } from './why-options.ts';

/** All commands, in the order of `--help`. The first is what happens without a command. */
export const COMMANDS = [
  generateCommand,
  initCommand,
  addCommand,
  removeCommand,
  regenerateCommand,
  updateCommand,
  envCommand,
  searchCommand,
  checkCommand,
  lockCommand,
  treeCommand,
  whyCommand,
  overridesCommand,
] as const;
