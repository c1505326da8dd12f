import { run } from './cli/run.ts';

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
