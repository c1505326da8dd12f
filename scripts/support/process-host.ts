import path from 'node:path';
import { packageRoot } from '../../src/cli/package-root.ts';
import type { ScriptHost } from './script-world.ts';

/** The process as a script sees it; `name` is that of the script, for the folder of its details. */
export function processHost(name: string): ScriptHost {
  return {
    environment: process.env,
    // npm changes the folder to the project's; the caller's is in INIT_CWD.
    directory: process.env.INIT_CWD ?? process.cwd(),
    output: path.join(packageRoot(), '.out', name),
    stdout: (line) => console.log(line),
    stderr: (line) => console.error(line),
  };
}
