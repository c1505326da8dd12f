// Builds projects from their generated expressions with Nix: npm run -s build-corpus -- LIST
import { buildCorpus } from './support/build-corpus.ts';
import { processHost } from './support/process-host.ts';

const args = process.argv.slice(2).filter((arg) => arg !== '--');
process.exitCode = await buildCorpus(args, processHost('build-corpus'));
