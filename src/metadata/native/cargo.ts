import { parse } from 'toml';
import * as v from 'valibot';
import type { PythonSource } from '../python/syntax.ts';
import { childrenOf, shortTextOf, textOf } from '../python/syntax.ts';
import { type LockedCrate, parseCargoLock } from './cargo-lock.ts';
import type { CargoLock, NativeEvidence } from './native-facts.ts';
import { folderOf } from './source-paths.ts';

/** Which crate an sdist builds, with what it was locked to. */
export interface CargoReading {
  readonly manifest: string | null;
  readonly lock: CargoLock | null;
  readonly evidence: readonly NativeEvidence[];
}

/** Most characters of a Cargo.lock that is kept: an expression carries it. */
const LOCK_TEXT = 512 << 10;

const ManifestSchema = v.looseObject({
  package: v.optional(v.looseObject({ name: v.optional(v.string()) })),
  dependencies: v.optional(v.record(v.string(), v.unknown())),
  features: v.optional(v.record(v.string(), v.unknown())),
});

/** Reads the crate at `manifest`: its Cargo.lock is in its folder or, for a workspace, in one above. */
export function readCargo(manifest: string | null, texts: ReadonlyMap<string, string>): CargoReading {
  if (manifest === null) return { manifest, lock: null, evidence: [] };
  const path = lockBeside(manifest, texts);
  const text = path === null ? undefined : texts.get(path);
  if (path === null || text === undefined) return { manifest, lock: null, evidence: [] };
  const crates = parseCargoLock(text);
  const gitCrates = [
    ...new Set(crates.filter(({ source }) => source?.startsWith('git+')).map(({ name }) => name)),
  ].sort();
  const used = reachable(crates, texts.get(manifest) ?? '');
  const evidence = crates
    .filter(({ name }) => name.endsWith('-sys') && used.has(name))
    .map(({ name, line }): NativeEvidence => ({ kind: 'crate', name, when: 'always', file: path, line }));
  return { manifest, lock: { path, text: text.length <= LOCK_TEXT ? text : null, gitCrates }, evidence };
}

/** The Cargo.toml that is built: what the table of the backend names, what setup.py calls RustExtension with, or that at the root. */
export function cargoManifest(sources: {
  readonly tool: Readonly<Record<string, unknown>>;
  readonly setup: PythonSource | null;
  readonly texts: ReadonlyMap<string, string>;
}): string | null {
  const named = [...pathsOfTables(sources.tool), ...(sources.setup === null ? [] : rustExtensions(sources.setup))];
  const candidates = [
    ...named.map((path) => path.replace(/^\.\//u, '')),
    'Cargo.toml',
    'rust/Cargo.toml',
    'native/Cargo.toml',
  ];
  const found = candidates.find((path) => sources.texts.has(path));
  if (found !== undefined) return found;
  const all = [...sources.texts.keys()].filter((path) => /(?:^|\/)Cargo\.toml$/u.test(path));
  return all.toSorted((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1))[0] ?? null;
}

const Maturin = v.looseObject({ 'manifest-path': v.optional(v.string()) });
const SetuptoolsRust = v.looseObject({
  'ext-modules': v.optional(v.array(v.looseObject({ path: v.optional(v.string()) })), []),
  bins: v.optional(v.array(v.looseObject({ path: v.optional(v.string()) })), []),
});

function pathsOfTables(tool: Readonly<Record<string, unknown>>): string[] {
  const maturin = v.safeParse(Maturin, tool.maturin);
  const rust = v.safeParse(SetuptoolsRust, tool['setuptools-rust']);
  return [
    ...(maturin.success ? [maturin.output['manifest-path']] : []),
    ...(rust.success ? [...rust.output['ext-modules'], ...rust.output.bins].map(({ path }) => path) : []),
  ].flatMap((path) => path ?? []);
}

/** `RustExtension("name", path="src/rust/Cargo.toml")`. */
function rustExtensions(source: PythonSource): string[] {
  if (!source.text.includes('RustExtension')) return [];
  const paths: string[] = [];
  const open = [source.root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const children = childrenOf(node);
    const [callee, args] = children;
    if (
      node.name === 'CallExpression' &&
      callee !== undefined &&
      args !== undefined &&
      /\bRust(?:Extension|Bin)$/u.test(shortTextOf(source, callee))
    )
      paths.push(
        ...[
          ...textOf(source, args)
            .slice(0, 2000)
            .matchAll(/["']([\w./+-]{0,200}Cargo\.toml)["']/gu),
        ].flatMap((match) => match[1] ?? []),
      );
    open.push(...children.toReversed());
  }
  return paths;
}

function lockBeside(manifest: string, texts: ReadonlyMap<string, string>): string | null {
  for (let folder = folderOf(manifest); ; folder = folderOf(folder)) {
    const path = folder === '' ? 'Cargo.lock' : `${folder}/Cargo.lock`;
    if (texts.has(path)) return path;
    if (folder === '') return null;
  }
}

/** The crates that the crate of the manifest leads to, but for those that it leaves to a feature which is off. */
function reachable(crates: readonly LockedCrate[], manifestText: string): ReadonlySet<string> {
  const { name, off } = manifestOf(manifestText);
  const byName = new Map<string, string[]>();
  for (const crate of crates) {
    const same = byName.get(crate.name);
    if (same === undefined) byName.set(crate.name, [...crate.dependencies]);
    else same.push(...crate.dependencies);
  }
  if (name === null || !byName.has(name)) return new Set(byName.keys());
  const used = new Set<string>([name]);
  const open = (byName.get(name) ?? []).filter((dependency) => !off.has(dependency));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (used.has(next)) continue;
    used.add(next);
    open.push(...(byName.get(next) ?? []));
  }
  return used;
}

function manifestOf(text: string): { name: string | null; off: ReadonlySet<string> } {
  let decoded: unknown;
  try {
    decoded = parse(text);
  } catch {
    // Without the manifest every crate of the lock counts.
    return { name: null, off: new Set() };
  }
  const manifest = v.safeParse(ManifestSchema, decoded);
  if (!manifest.success) return { name: null, off: new Set() };
  const { dependencies = {}, features = {} } = manifest.output;
  const defaults = v.safeParse(v.array(v.string()), Object.hasOwn(features, 'default') ? features.default : []);
  const on = JSON.stringify(defaults.success ? defaults.output : []);
  const Optional = v.looseObject({ optional: v.literal(true) });
  const off = Object.entries(dependencies).flatMap(([dependency, value]) =>
    v.safeParse(Optional, value).success && !on.includes(dependency) ? [dependency] : [],
  );
  return { name: manifest.output.package?.name ?? null, off: new Set(off) };
}
