import { writeRepository } from '../../../src/repository/write-repository.ts';

// Writes one tree after the other into the folder of the first argument and prints a line ahead of each, until it is killed.
const [, , directory = ''] = process.argv;
for (let round = 1; ; round += 1) {
  process.stdout.write(`${round}\n`);
  const files = Array.from({ length: 8 }, (_, index): [string, string] => [
    `pkgs/p${index}/default.nix`,
    `${round % 2}`,
  ]);
  await writeRepository({ directory, files: new Map(files) });
}
