import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { useCommandBench } from '../cli/support/run-command.ts';
import { EIGHT, serveEight } from './support/eight-packages.ts';
import { expectedInputs } from './support/expected-inputs.ts';

const bench = useCommandBench();
beforeEach(() => serveEight(bench()));

const GOLDEN = fileURLToPath(new URL('../golden/releases', import.meta.url));

/** A column of the table of dialects each, those that users have most. */
const RELEASES = ['16.03', '17.03', '18.03', '22.11', '23.05', '23.11', '24.11', '26.05'];

describe.each(RELEASES)('the form of %s', (release) => {
  it.each(EIGHT.filter((name) => release !== '16.03' || name !== 'made-up-lid'))(
    'of %s is the golden file',
    async (name) => {
      const { code, stdout, stderr } = await bench().run(['-q', '--release', release, '--overrides', 'rules', name]);

      expect([code, stderr]).toEqual([0, '']);
      const golden = path.join(GOLDEN, release, `${name}.nix`);
      // A golden file that is not there would be written, but for a run with CI=1.
      if (process.env.CI === '1') expect(existsSync(golden)).toBe(true);
      await expect(stdout).toMatchFileSnapshot(golden);
    },
  );
});

describe('what is expected of the golden files', () => {
  it.each(EIGHT)('of %s is what the classification says', async (name) => {
    const { stdout } = await bench().run(['-q', '--json', '--overrides', 'rules', name]);

    const { inputs } = JSON.parse(stdout).packages.find((each: { readonly name: string }) => each.name === name);
    const { native, libraries, run, check, extras } = expectedInputs(name, 'unstable');
    const runners = check.flatMap((each) =>
      each === 'pytestCheckHook' ? ['pytest'] : each === 'unittestCheckHook' ? [] : [each],
    );
    expect(inputs).toEqual({
      'build-system': native.filter((each) => /^(?:cython|hatchling|setuptools.*)$/u.test(each)),
      nativeBuildInputs: native.filter((each) => /^(?:cargo|rust.*)$/u.test(each)),
      buildInputs: libraries.map((each) => each.replace('the-library-', '')),
      // Markers keep docopt and mock from Linux and Python 3; the extra of made-up-plate brings docopt back.
      dependencies: name === 'made-up-cutlery' ? ['docopt', 'hypothesis', 'made-up-plate', 'six'] : run,
      nativeCheckInputs: runners,
      'optional-dependencies': extras,
    });
  });
});

describe('the form of 16.03', () => {
  it('has no wheels, which is said', async () => {
    const { code, stderr } = await bench().run(['-q', '--release', '16.03', 'made-up-lid']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('E_WHEEL_NOT_SUPPORTED')]);
  });
});

// NIXFMT names an nixfmt of RFC 166.
describe.skipIf(process.env.NIXFMT === undefined)('the golden files (needs NIXFMT)', () => {
  it.each(RELEASES)('of %s are left as they are by nixfmt', (release) => {
    const folder = path.join(GOLDEN, release);
    for (const file of readdirSync(folder)) {
      const text = readFileSync(path.join(folder, file), 'utf8');
      expect(execFileSync(process.env.NIXFMT ?? 'nixfmt', ['-'], { input: text, encoding: 'utf8' })).toBe(text);
    }
  });
});
