import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../../src/cli/package-root.ts';

/** The program as plain JavaScript, which starts in a fraction of the time of its sources. */
export interface BundledProgram {
  /** For `node`. */
  readonly file: string;
  remove(): Promise<void>;
}

export async function bundledProgram(): Promise<BundledProgram> {
  const root = packageRoot();
  const folder = await mkdtemp(join(tmpdir(), 'program-'));
  await build({
    entryPoints: [join(root, 'src/main.ts')],
    outdir: join(folder, 'dist'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as requireOfBundle } from 'node:module'; const require = requireOfBundle(import.meta.url);",
    },
  });
  for (const name of ['package.json', 'overrides', 'cache']) await symlink(join(root, name), join(folder, name));
  return { file: join(folder, 'dist/main.mjs'), remove: () => rm(folder, { recursive: true, force: true }) };
}
