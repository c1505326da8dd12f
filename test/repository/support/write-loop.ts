import { writeRepository } from '../../../src/repository/write-repository.ts';

// Writes one tree after the other into the folder of the first argument and prints a line ahead of each, until it is killed. The trees differ in texts and in files.
const [, , directory = '', packages = '8'] = process.argv;
for (let round = 1; ; round += 1) {
  process.stdout.write(`${round}\n`);
  const count = Number(packages) - (round % 2);
  const files = new Map(
    Array.from({ length: count }, (_, index) => [`pkgs/p${index}/default.nix`, { text: `${round % 2}` }] as const),
  );
  await writeRepository({ directory, compose: () => ({ files, isOrphan: () => true }) });
}
