// Bundles the program into dist/: main.js, which `bin` names, and beside it the parts that are loaded only when a command needs them.
// One file of everything would cost each start, --help too, the time to parse 3 MB.
import { chmod, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  legalComments: 'none',
  // Names stay, so that the trace of a defect can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  // CommonJS dependencies use names that an ES module does not have.
  banner: {
    js: [
      '#!/usr/bin/env node',
      "import { createRequire as createRequireOfBundle } from 'node:module';",
      "import { dirname as dirnameOfBundle } from 'node:path';",
      "import { fileURLToPath as pathOfBundle } from 'node:url';",
      'const require = createRequireOfBundle(import.meta.url);',
      'const __filename = pathOfBundle(import.meta.url);',
      'const __dirname = dirnameOfBundle(__filename);',
    ].join('\n'),
  },
};

await rm('dist', { recursive: true, force: true });
await build({
  ...COMMON,
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  chunkNames: 'parts/[name]-[hash]',
  splitting: true,
  plugins: [{ name: 'known-index', setup: withKnownIndex }],
});
await chmod('dist/main.js', 0o755);

/** The address of the public index is asked of the package URL tables here and not in each run, which would take 20 ms to load them. */
function withKnownIndex(bundler) {
  bundler.onLoad({ filter: /[\\/]src[\\/]index[\\/]default-index\.ts$/ }, async () => ({
    contents: `export async function defaultIndexUrl() { return ${JSON.stringify(await defaultIndexUrl())}; }`,
  }));
}

async function defaultIndexUrl() {
  const outfile = path.resolve('dist', 'default-index.mjs');
  await build({ ...COMMON, entryPoints: ['src/index/default-index.ts'], outfile });
  try {
    const module = await import(pathToFileURL(outfile).href);
    return await module.defaultIndexUrl();
  } finally {
    await rm(outfile);
  }
}
