// Compares what is generated with what nixpkgs has and with what the releases say: npm run -s score -- TRUTH.json, or with the releases alone: --release-only LIST
import path from 'node:path';
import { packageRoot } from '../src/cli/package-root.ts';
import { processHost } from './support/process-host.ts';
import { score } from './support/score.ts';

const args = process.argv.slice(2).filter((arg) => arg !== '--');
const listed = path.join(packageRoot(), 'docs', 'classification.md');
process.exitCode = await score(args, { ...processHost('score'), listed });
