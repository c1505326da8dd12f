// Reads projects and tells what could not be read: npm run -s corpus -- LIST
import { corpus } from './support/corpus.ts';
import { processHost } from './support/process-host.ts';

const args = process.argv.slice(2).filter((arg) => arg !== '--');
process.exitCode = await corpus(args, processHost('corpus'));
