import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CacheStore } from '../../src/cache/store.ts';
import { parseArguments } from '../../src/cli/options.ts';
import { NAMES_OF_NO_RELEASE } from '../../src/cli/run/run-names.ts';
import { VERSION } from '../../src/cli/version.ts';
import { builtinSet } from '../../src/nixpkgs/package-set.ts';
import { createStyle } from '../../src/report/style.ts';
import type { ListedProject } from './corpus-list.ts';

/** What a project is generated for and with. */
export interface GenerateSettings {
  /** The interpreter of the package set, for example `3.11`. */
  readonly python: string;
  readonly platform: string;
  /** The cache of the whole run: one for all, because two of one process would write over each other. */
  readonly cache: CacheStore;
  /** The archives of the whole run. */
  readonly archives: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A file with the overlay of a project, and what generating it told. */
export interface GeneratedFile {
  readonly file: string;
  /** What the overlay calls the project. */
  readonly attribute: string;
  readonly notes: readonly string[];
}

/**
 * Generates a project with its whole closure, as `pypi2nix NAME --deps all --bootstrap` does, into `folder`; the project itself from its sdist, members that
 * need Rust or compile for long from wheels. Throws what generating throws.
 */
export async function generateFile(
  { name, version }: ListedProject,
  settings: GenerateSettings,
  { folder, checks }: { readonly folder: string; readonly checks: boolean },
): Promise<GeneratedFile> {
  const { environment, cache } = settings;
  const invocation = parseArguments(
    [
      'generate',
      version === null ? name : `${name}==${version}`,
      ...['--deps', 'all', '--bootstrap', checks ? '--with-checks' : '--no-checks'],
      ...['--format', `any,${name}:sdist`, '--python', settings.python, '--platform', settings.platform],
      ...['--archives', settings.archives],
    ],
    { version: VERSION, environment },
  );
  if (invocation.kind !== 'generate') throw new Error('no command that generates');
  const result = await invocation.run({ environment, cache, directory: folder, onProgress: () => {} });
  await mkdir(folder, { recursive: true });
  const stem = checks ? 'with-checks' : 'python-packages';
  const file = path.join(folder, `${stem}.nix`);
  const notes = result.report(createStyle(false));
  await writeFile(file, result.stdout);
  await writeFile(path.join(folder, `${stem}.notes`), notes.map((note) => `${note}\n`).join(''));
  return { file, attribute: builtinSet(NAMES_OF_NO_RELEASE).attributeForGenerated(name), notes };
}
