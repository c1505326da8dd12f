// Bundles the program into dist/main.js, the one file that `bin` names.
import { chmod } from 'node:fs/promises';
import { build } from 'esbuild';

await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  legalComments: 'none',
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
});
await chmod('dist/main.js', 0o755);
