import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the installed package, which holds package.json, overrides/ and cache/: the nearest one above this file, which is
 * dist/main.js when bundled and a file of src/ in tests.
 */
export function packageRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('no package.json above the program: the installation is incomplete');
    folder = parent;
  }
  return folder;
}
