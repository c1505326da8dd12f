/** A crate that a Cargo.lock names. */
export interface LockedCrate {
  readonly name: string;
  readonly version: string;
  /** `registry+…`, `git+…`; null for a crate of the workspace itself. */
  readonly source: string | null;
  readonly line: number;
  /** Names of crates that it depends on, optional ones left out that no feature turns on. */
  readonly dependencies: readonly string[];
}

/**
 * The crates of a Cargo.lock. Cargo writes these files in one fixed form, so that lines are enough:
 * lock = … { "[[package]]" { key "=" '"' text '"' | "dependencies = [" { '"' name [" " version …] '"' "," } "]" } }
 */
export function parseCargoLock(text: string): LockedCrate[] {
  const crates: LockedCrate[] = [];
  let open: { -readonly [K in keyof LockedCrate]: LockedCrate[K] } | null = null;
  let dependencies: string[] | null = null;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line.startsWith('[')) {
      if (open !== null && open.name !== '') crates.push(open);
      dependencies = null;
      open = line === '[[package]]' ? { name: '', version: '', source: null, line: index + 1, dependencies: [] } : null;
      continue;
    }
    if (open === null) continue;
    if (dependencies !== null) {
      const name = /^"([\w-]{1,100})/u.exec(line)?.[1];
      if (name !== undefined) dependencies.push(name);
      if (line === ']') dependencies = null;
      continue;
    }
    const [, key, value] = /^(name|version|source) = "([^"]{0,500})"$/u.exec(line) ?? [];
    if (key === 'name') open.name = value ?? '';
    else if (key === 'version') open.version = value ?? '';
    else if (key === 'source') open.source = value ?? null;
    else if (line.startsWith('dependencies = [') && !line.endsWith(']')) {
      dependencies = [];
      open.dependencies = dependencies;
    }
  }
  if (open !== null && open.name !== '') crates.push(open);
  return crates;
}
