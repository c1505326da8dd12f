import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { compareText } from '../../src/base/text.ts';
import { parseTruth, type TruthRecord } from './truth.ts';

/** The records of a truth file, or of all `*.json` of a folder, file by file in the order of their names. Throws an Error that says what cannot be read. */
export async function readTruth(named: string): Promise<readonly TruthRecord[]> {
  if (!(await stat(named)).isDirectory()) return parseTruth(await readFile(named, 'utf8'));
  const files = (await readdir(named)).filter((file) => file.endsWith('.json')).sort(compareText);
  if (files.length === 0) throw new Error('the folder has no *.json');
  const records: TruthRecord[] = [];
  for (const file of files) {
    try {
      records.push(...parseTruth(await readFile(path.join(named, file), 'utf8')));
    } catch (error) {
      throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return records;
}
