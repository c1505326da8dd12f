// Replays a table of answers of Python's `packaging` against src/pep: npm run -s oracle -- TABLE.json
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isOracleTable, type OracleTable, replay } from '../test/oracle/replay.ts';

const FOLDER = '.out/oracle';
const SHOWN = 20;

async function main(args: readonly string[]): Promise<number> {
  const [path, ...others] = args;
  if (path === undefined || path.startsWith('-') || others.length > 0)
    return wrongUse('usage: npm run -s oracle -- TABLE.json');
  // npm changes the folder to the project's; the caller's is in INIT_CWD.
  const table = await readTable(resolve(process.env.INIT_CWD ?? process.cwd(), path));
  if (typeof table === 'string') return wrongUse(`${path}: ${table}`);

  const { checked, differences } = replay(table);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(`${FOLDER}/differences.json`, `${JSON.stringify(differences, null, 2)}\n`);
  for (const { table: name, input, expected, actual } of differences.slice(0, SHOWN)) {
    console.log(
      `${name}: ${JSON.stringify(input)}: packaging ${JSON.stringify(expected)}, here ${JSON.stringify(actual)}`,
    );
  }
  if (differences.length > SHOWN) console.log(`${differences.length - SHOWN} more in ${FOLDER}/differences.json`);
  console.log(`${checked} checked, ${differences.length} differ`);
  return differences.length === 0 ? 0 : 1;
}

async function readTable(path: string): Promise<OracleTable | string> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isOracleTable(value) ? value : 'no table of the oracle';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wrongUse(message: string): number {
  console.error(message);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
