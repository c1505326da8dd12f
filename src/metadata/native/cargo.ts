import * as v from 'valibot';
import type { PythonSource } from '../python/syntax.ts';
import { callsIn, shortTextOf, textOf } from '../python/syntax.ts';
import { type AskedFeatures, usedCrates } from './cargo-features.ts';
import { parseCargoLock } from './cargo-lock.ts';
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

/** Reads the crate at `manifest`: its Cargo.lock is in its folder or, for a workspace, in one above. `asked` are its features that the build turns on. */
export function readCargo(
  manifest: string | null,
  texts: ReadonlyMap<string, string>,
  asked: AskedFeatures,
): CargoReading {
  if (manifest === null) return { manifest, lock: null, evidence: [] };
  const path = lockBeside(manifest, texts);
  const text = path === null ? undefined : texts.get(path);
  if (path === null || text === undefined) return { manifest, lock: null, evidence: [] };
  const crates = parseCargoLock(text);
  const gitCrates = [
    ...new Set(crates.filter(({ source }) => source?.startsWith('git+')).map(({ name }) => name)),
  ].sort();
  const used = usedCrates(crates, { manifest, texts, asked });
  const evidence = crates
    .filter(({ name }) => /[-_]sys$/u.test(name) && used?.has(name) !== false)
    .map(({ name, line }): NativeEvidence => ({ kind: 'crate', name, when: 'always', file: path, line }));
  return { manifest, lock: { path, text: text.length <= LOCK_TEXT ? text : null, gitCrates }, evidence };
}

/** The Cargo.toml that is built: what the table of the backend names, what setup.py calls RustExtension with, or that at the root. */
export function cargoManifest(sources: {
  readonly tool: Readonly<Record<string, unknown>>;
  readonly setup: PythonSource | null;
  readonly texts: ReadonlyMap<string, string>;
}): string | null {
  const named = [
    ...pathsOfTables(sources.tool),
    ...(sources.setup === null ? [] : rustCalls(sources.setup).flatMap(manifestsOfCall)),
  ];
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

/** maturin may tie a feature to interpreters: `{ feature = "abi3", python-version = ">=3.10" }`. */
const Feature = v.union([
  v.string(),
  v.pipe(
    v.looseObject({ feature: v.string() }),
    v.transform(({ feature }) => feature),
  ),
]);
const Features = v.optional(v.fallback(v.array(Feature), []), []);
const Maturin = v.looseObject({
  'manifest-path': v.optional(v.string()),
  features: Features,
  'no-default-features': v.optional(v.boolean(), false),
  'all-features': v.optional(v.boolean(), false),
  'cargo-extra-args': v.optional(v.fallback(v.string(), ''), ''),
});
const RustModule = v.looseObject({ path: v.optional(v.string()), features: Features, args: Features });
const SetuptoolsRust = v.looseObject({
  'ext-modules': v.optional(v.array(RustModule), []),
  bins: v.optional(v.array(RustModule), []),
});

/**
 * The features that maturin, setuptools-rust or a call of RustExtension asks for; what has no place of its own is on by default. Of several modules the most counts that one of
 * them asks for, and all features where a call's cannot be read.
 */
export function askedFeatures(tool: Readonly<Record<string, unknown>>, setup: PythonSource | null): AskedFeatures {
  const maturin = v.safeParse(Maturin, tool.maturin);
  const rust = v.safeParse(SetuptoolsRust, tool['setuptools-rust']);
  const modules = rust.success ? [...rust.output['ext-modules'], ...rust.output.bins] : [];
  const calls = setup === null ? [] : rustCalls(setup);
  const ofCalls = calls.map(featuresOfCall);
  const ofMaturin = maturin.success ? maturin.output : v.parse(Maturin, {});
  const ofModules = [...modules.map(({ args }) => args.join(' ')), ...calls];
  const words = [ofMaturin['cargo-extra-args'], ...ofModules];
  return {
    features: [
      ...ofMaturin.features,
      ...modules.flatMap(({ features }) => features),
      ...ofCalls.flatMap((features) => features ?? []),
      ...words.flatMap(featuresOfArguments),
    ],
    isDefault:
      !ofMaturin['no-default-features'] &&
      !ofMaturin['cargo-extra-args'].includes('--no-default-features') &&
      (ofModules.length === 0 || ofModules.some((args) => !args.includes('--no-default-features'))),
    isAll:
      ofMaturin['all-features'] ||
      words.some((args) => args.includes('--all-features')) ||
      ofCalls.some((features) => features === null),
  };
}

/** `features=["a", "b"]` among the arguments of a call; null where it is no list of literal texts. */
function featuresOfCall(args: string): readonly string[] | null {
  const stated = /\bfeatures\s{0,10}=\s{0,10}(\[[^\]]{0,500}\]|None\b)?/u.exec(args);
  if (stated === null) return [];
  const [, list] = stated;
  if (list === undefined) return null;
  const isLiteral = /^(?:\[\s*\]|None)$/u.test(list.replace(/"[\w/-]*"|'[\w/-]*'|,/gu, ''));
  return isLiteral ? [...list.matchAll(/["']([\w/-]+)["']/gu)].map(([, feature = '']) => feature) : null;
}

/** `--features a,b` or `--features=a`, as words or as a list in Python. */
function featuresOfArguments(args: string): string[] {
  return [...args.matchAll(/--features["',\s=]{1,10}([\w,/-]{1,300})/gu)].flatMap(([, list = '']) => list.split(','));
}

function pathsOfTables(tool: Readonly<Record<string, unknown>>): string[] {
  const maturin = v.safeParse(Maturin, tool.maturin);
  const rust = v.safeParse(SetuptoolsRust, tool['setuptools-rust']);
  return [
    ...(maturin.success ? [maturin.output['manifest-path']] : []),
    ...(rust.success ? [...rust.output['ext-modules'], ...rust.output.bins].map(({ path }) => path) : []),
  ].flatMap((path) => path ?? []);
}

/** The arguments of `RustExtension("name", path="src/rust/Cargo.toml")` and RustBin, as they are written. */
function rustCalls(source: PythonSource): string[] {
  if (!/Rust(?:Extension|Bin)/u.test(source.text)) return [];
  const calls: string[] = [];
  for (const { callee, args } of callsIn(source.root)) {
    if (/\bRust(?:Extension|Bin)$/u.test(shortTextOf(source, callee))) calls.push(textOf(source, args).slice(0, 2000));
  }
  return calls;
}

function manifestsOfCall(args: string): string[] {
  return [...args.matchAll(/["']([\w./+-]{0,200}Cargo\.toml)["']/gu)].flatMap((match) => match[1] ?? []);
}

function lockBeside(manifest: string, texts: ReadonlyMap<string, string>): string | null {
  for (let folder = folderOf(manifest); ; folder = folderOf(folder)) {
    const path = folder === '' ? 'Cargo.lock' : `${folder}/Cargo.lock`;
    if (texts.has(path)) return path;
    if (folder === '') return null;
  }
}
