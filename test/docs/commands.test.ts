import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { describeWithNix, openNixStore } from '../support/nix.ts';
import { codeBlocks, DOCUMENTS, shellCommands, textOf } from './support/documents.ts';
import { runOffline, useFolder } from './support/run-offline.ts';

/** Commands of the documents that no test here runs, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'npm ci && npx pypi2nix toolz datashape':
    'npm ci replaces the modules that this test runs on; .ci/run runs both steps',
  'npm ci && npm test': 'this test is a part of it; .ci/run runs both steps',
};

/** Commands that would build with nixpkgs: here their expressions are evaluated, with the stand-in for nixpkgs. */
const EVALUATED: Readonly<Record<string, readonly string[]>> = {
  'nix-shell': ['shell.nix'],
  'nix-shell my-shell.nix': ['my-shell.nix'],
  'nix-build my-packages -A datashape': ['my-packages', '-A', 'datashape'],
};

const COMMANDS = DOCUMENTS.flatMap((document) => shellCommands(textOf(document)));
const RUN = COMMANDS.filter((command) => !Object.hasOwn(NOT_RUN, command) && !Object.hasOwn(EVALUATED, command));

const folder = useFolder();

/** Words and redirection of a command without quotes. Throws Error for any other form. */
function parseCommand(command: string): { readonly args: readonly string[]; readonly output: string | null } {
  const match = /^npx pypi2nix ([\w=.\- ]+?)(?: > ([\w.-]+))?$/u.exec(command);
  if (match?.[1] === undefined) throw new Error(`a command of a form that is not run here: ${command}`);
  return { args: match[1].split(' '), output: match[2] ?? null };
}

async function runCommand(command: string): Promise<number> {
  const { args, output } = parseCommand(command);
  const { code, stdout } = await runOffline(args, folder());
  if (output !== null) await writeFile(path.join(folder(), output), stdout);
  return code;
}

describe('the commands of the documents', () => {
  it.each(RUN)('%s', async (command) => {
    expect(await runCommand(command)).toBe(0);
  });

  it('are all there that are excepted here', () => {
    const excepted = [...Object.keys(NOT_RUN), ...Object.keys(EVALUATED)];
    expect(excepted.filter((command) => !COMMANDS.includes(command))).toEqual([]);
  });

  it('that are not run here are steps of .ci/run', () => {
    const steps = textOf('.ci/run');
    expect(steps).toMatch(/^npm ci\b/mu);
    expect(steps).toMatch(/^npm test$/mu);
    expect(steps).toMatch(/^(?:node dist\/main\.js|npx pypi2nix) toolz datashape\b/mu);
  });

  it.each(DOCUMENTS)('of %s name scripts that package.json has', (document) => {
    const scripts = [...textOf(document).matchAll(/\bnpm run (?:-s )?([\w:-]+)/gu)].map(([, name = '']) => name);
    expect(scripts.filter((name) => !Object.hasOwn(packageJson.scripts, name))).toEqual([]);
  });
});

describeWithNix('the commands of the documents that build', () => {
  it.each(Object.entries(EVALUATED))('%s', async (_command, args) => {
    for (const command of RUN) await runCommand(command);
    const shell = codeBlocks(textOf('README.md')).find(({ text }) => text.startsWith('# my-shell.nix\n'));
    await writeFile(path.join(folder(), 'my-shell.nix'), shell?.text ?? '');
    const store = await openNixStore();
    try {
      const env = {
        STAND_IN_PLACEHOLDERS:
          'multipledispatch numpy python-dateutil pytest setuptools setuptools-git-versioning versioneer',
      };
      const result = await store.run('nix-instantiate', args, { cwd: folder(), env });
      expect(result.ok ? '' : result.stderr).toBe('');
    } finally {
      await store.remove();
    }
  });
});
