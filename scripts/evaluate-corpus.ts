// Evaluates generated expressions against the names that nixpkgs has: npm run -s evaluate-corpus -- LIST
import { evaluateCorpus } from './support/evaluate-corpus.ts';
import { processHost } from './support/process-host.ts';

const args = process.argv.slice(2).filter((arg) => arg !== '--');
process.exitCode = await evaluateCorpus(args, processHost('evaluate-corpus'));
