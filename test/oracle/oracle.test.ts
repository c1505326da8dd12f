import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isOracleTable, replay } from './replay.ts';

/** What `packaging` 26.3 says: printed once by the oracle with seed 1 and count 40. */
const TABLE = new URL('packaging-26.3.json', import.meta.url);

describe('versions, specifiers, markers and requirements', () => {
  it("are read as Python's packaging reads them", async () => {
    const table: unknown = JSON.parse(await readFile(TABLE, 'utf8'));
    if (!isOracleTable(table)) throw new Error('no table of the oracle');
    const { checked, differences } = replay(table);
    expect(differences).toEqual([]);
    expect(checked).toBeGreaterThan(5000);
  });

  it('are found to differ where a table says otherwise', () => {
    const wrong = {
      valid: { '1.0': '1' },
      order: [['1', '2', 1] as const],
      contains: [['>=1', { '1.0': [false, true] as const }] as const],
      markers: [['os_name == "nt"', { os_name: 'nt' }, null] as const],
      requirements: [['a', null] as const],
    };
    expect(replay(wrong).differences.map(({ table }) => table)).toEqual([
      'valid',
      'order',
      'contains',
      'contains',
      'markers',
      'requirements',
    ]);
  });
});
