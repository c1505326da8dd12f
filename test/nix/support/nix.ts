import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type NixResult, openNixStore } from '../../support/nix.ts';

/** The value of a Nix expression of any length, by way of JSON. `files` are written beside it, so that it can import them. */
export async function evaluateNix(
  expression: string,
  options: {
    readonly nixPath?: string;
    readonly files?: ReadonlyMap<string, string>;
    /** More variables of the environment, for example STAND_IN_PLACEHOLDERS. */
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<unknown> {
  const result = await withFile(expression, ['--eval', '--strict', '--json'], options);
  if (!result.ok) throw new Error(result.stderr);
  return JSON.parse(result.stdout);
}

/** What Nix says against the syntax of an expression; empty when it reads it. */
export async function parseNix(text: string): Promise<string> {
  const result = await withFile(text, ['--parse'], {});
  return result.ok ? '' : result.stderr;
}

async function withFile(
  expression: string,
  args: readonly string[],
  { nixPath, files, env: more }: NonNullable<Parameters<typeof evaluateNix>[1]>,
): Promise<NixResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pypi2nix-nix-'));
  const store = await openNixStore();
  try {
    for (const [name, text] of new Map([...(files ?? []), ['expression.nix', expression]])) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const env = { ...more, ...(nixPath === undefined ? {} : { NIX_PATH: nixPath }) };
    return await store.run('nix-instantiate', [...args, './expression.nix'], { cwd: folder, env });
  } finally {
    await store.remove();
    await rm(folder, { recursive: true, force: true });
  }
}
