import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOW_TO_GET_NIX, nixIsThere } from './nix.ts';

const TESTS = fileURLToPath(new URL('..', import.meta.url));

/** Before a run without Nix: one line that says which tests are skipped for want of it, and how to get it. */
export function setup(): void {
  if (nixIsThere() || process.env.REQUIRE_NIX === '1') return;
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.test.ts') &&
      !file.startsWith('live') &&
      readFileSync(path.join(TESTS, file), 'utf8').includes('describeWithNix('),
  );
  process.stderr.write(
    `Nix is not here (${HOW_TO_GET_NIX}): skipped are the tests that evaluate or build in ${files.sort().join(', ')}\n`,
  );
}
