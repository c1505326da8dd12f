import v8 from 'node:v8';
import { run } from './cli/run.ts';

// V8 of Node 20 begins so early to optimise functions that a run of half a second spends a third of its CPU time on code that it hardly uses afterwards. Seven times as
// much running first; loops that run for seconds are optimised all the same. Other releases of Node have other compilers, and say so on stderr when they do not know a flag.
if (process.versions.node.startsWith('20.')) v8.setFlagsFromString('--interrupt-budget=1000000');

// With the codes that a shell gives them. `exit` lets half-written files be removed, which the default of the signals does not.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    if (process.stderr.isTTY) process.stderr.write('\n');
    // A command that has to take something back first listens itself.
    if (process.listenerCount(signal) === 0) process.exit(code);
  });
}

process.exitCode = await run(process.argv.slice(2), process);
