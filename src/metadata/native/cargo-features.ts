import { parse } from 'toml';
import * as v from 'valibot';
import type { LockedCrate } from './cargo-lock.ts';
import { folderOf } from './source-paths.ts';

/** Which features of the crate that is built the build turns on. */
export interface AskedFeatures {
  readonly features: readonly string[];
  readonly isDefault: boolean;
  /** Every feature, `--all-features`. */
  readonly isAll: boolean;
}

const Texts = v.fallback(v.array(v.string()), []);
const Dependency = v.looseObject({
  optional: v.fallback(v.optional(v.boolean(), false), false),
  workspace: v.fallback(v.optional(v.boolean(), false), false),
  package: v.fallback(v.optional(v.string()), undefined),
  features: v.optional(Texts, []),
  'default-features': v.fallback(v.optional(v.boolean()), undefined),
  /** The old name of the same. */
  default_features: v.fallback(v.optional(v.boolean()), undefined),
});
const Dependencies = v.optional(v.fallback(v.record(v.string(), v.unknown()), {}), {});
const Manifest = v.looseObject({
  package: v.optional(v.looseObject({ name: v.optional(v.string()) })),
  dependencies: Dependencies,
  'build-dependencies': Dependencies,
  target: v.optional(
    v.fallback(
      v.record(v.string(), v.looseObject({ dependencies: Dependencies, 'build-dependencies': Dependencies })),
      {},
    ),
    {},
  ),
  features: v.optional(v.fallback(v.record(v.string(), Texts), {}), {}),
  workspace: v.optional(v.looseObject({ dependencies: Dependencies })),
});

interface CrateDependency {
  /** The crate's own name, which `package` may tell. */
  readonly crate: string;
  readonly isOptional: boolean;
  readonly features: readonly string[];
  readonly isDefault: boolean;
}

interface Crate {
  readonly dependencies: ReadonlyMap<string, CrateDependency>;
  readonly features: ReadonlyMap<string, readonly string[]>;
}

/**
 * The crates that building the crate `manifest` compiles: those of dependencies that are not optional, or that a feature turns on which is on by default or asked for. Cargo
 * locks what any feature of the workspace may need; of crates from elsewhere all that is locked counts. Null where the manifest cannot be read, or the lock does not
 * have its crate. Dependencies of tests, and those of Windows alone, are left out.
 */
export function usedCrates(
  crates: readonly LockedCrate[],
  {
    manifest,
    texts,
    asked,
  }: { readonly manifest: string; readonly texts: ReadonlyMap<string, string>; readonly asked: AskedFeatures },
): ReadonlySet<string> | null {
  const root = nameIn(texts.get(manifest) ?? '');
  const locked = new Map<string, string[]>();
  for (const { name, dependencies } of crates) locked.set(name, [...(locked.get(name) ?? []), ...dependencies]);
  if (root === null || !locked.has(root)) return null;
  const members = membersOf(
    texts,
    manifest,
    new Set(crates.flatMap(({ name, source }) => (source === null ? [name] : []))),
  );
  const used = new Set<string>();
  const elsewhere: string[] = [];
  const on = new Set<string>();
  const weak: (() => void)[] = [];
  // No recursion: a chain of features may be longer than the stack.
  const steps: (() => void)[] = [];
  const enabled = new Set<string>();

  const all = asked.isAll ? [...(members.get(root)?.features.keys() ?? [])] : [];
  build(root, all, asked.isDefault);
  const built = members.get(root);
  if (built !== undefined)
    for (const entry of asked.features) {
      // What is asked for may be `dependency/feature`, as an entry of a feature may, or say of which crate it is.
      follow(root, built, entry.startsWith(`${root}/`) ? entry.slice(root.length + 1) : entry);
    }
  // `a?/b` counts once something else has turned `a` on, which may come later.
  for (let before = -1; before !== on.size + enabled.size; ) {
    before = on.size + enabled.size;
    for (const again of weak) steps.push(again);
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) step();
  }
  for (let next = elsewhere.pop(); next !== undefined; next = elsewhere.pop()) {
    if (used.has(next)) continue;
    used.add(next);
    elsewhere.push(...(locked.get(next) ?? []));
  }
  return used;

  function build(name: string, features: readonly string[], isDefault: boolean): void {
    const member = members.get(name);
    if (member === undefined) {
      elsewhere.push(name);
      return;
    }
    if (!used.has(name)) {
      used.add(name);
      for (const [key, { isOptional }] of member.dependencies) if (!isOptional) enable(name, member, key);
    }
    for (const feature of isDefault ? ['default', ...features] : features) turnOn(name, member, feature);
  }

  function turnOn(name: string, member: Crate, feature: string): void {
    if (on.has(`${name} ${feature}`)) return;
    on.add(`${name} ${feature}`);
    const entries = member.features.get(feature);
    if (entries === undefined) {
      if (member.dependencies.has(feature)) enable(name, member, feature);
      return;
    }
    for (const entry of entries) steps.push(() => follow(name, member, entry));
  }

  /** entry = "dep:" dependency | dependency ["?"] "/" feature | feature */
  function follow(name: string, member: Crate, entry: string): void {
    const [, dependency = '', mark = '', passed = ''] = /^([^/?]*)(\??)\/(.*)$/u.exec(entry) ?? [];
    if (entry.startsWith('dep:')) enable(name, member, entry.slice(4));
    else if (passed === '') turnOn(name, member, entry);
    else if (mark !== '')
      weak.push(() => enabled.has(`${name} ${dependency}`) && enable(name, member, dependency, [passed]));
    else {
      // Of an optional dependency this turns the feature on too that has its name.
      if (member.dependencies.get(dependency)?.isOptional === true) turnOn(name, member, dependency);
      enable(name, member, dependency, [passed]);
    }
  }

  function enable(name: string, member: Crate, key: string, features: readonly string[] = []): void {
    const dependency = member.dependencies.get(key);
    if (dependency === undefined) return;
    const isNew = !enabled.has(`${name} ${key}`);
    enabled.add(`${name} ${key}`);
    if (isNew || features.length > 0)
      steps.push(() => build(dependency.crate, [...dependency.features, ...features], dependency.isDefault));
  }
}

/** The crates of the sdist itself that the lock knows, by name. */
function membersOf(
  texts: ReadonlyMap<string, string>,
  manifest: string,
  local: ReadonlySet<string>,
): ReadonlyMap<string, Crate> {
  const manifests = [...texts].flatMap(([path, text]) => {
    const decoded = /(?:^|\/)Cargo\.toml$/u.test(path) ? manifestIn(text) : null;
    return decoded === null ? [] : [{ path, decoded }];
  });
  const members = new Map<string, Crate>();
  // The crate that is built goes before others of its name.
  for (const { path, decoded } of manifests.toSorted(
    (a, b) => Number(b.path === manifest) - Number(a.path === manifest),
  )) {
    const name = decoded.package?.name;
    if (name === undefined || !local.has(name) || members.has(name)) continue;
    const shared = workspaceOf(path);
    const targets = Object.entries(decoded.target).flatMap(([condition, table]) =>
      isWindows(condition) ? [] : [table],
    );
    const tables = [decoded, ...targets].flatMap((table) => [table.dependencies, table['build-dependencies']]);
    const dependencies = new Map<string, CrateDependency>();
    for (const [key, value] of tables.flatMap((table) => Object.entries(table))) {
      const found = dependencyOf(key, value, shared);
      // One of several tables that needs it always is enough.
      if (dependencies.get(key)?.isOptional !== false) dependencies.set(key, found);
    }
    members.set(name, { dependencies, features: new Map(Object.entries(decoded.features)) });
  }
  return members;

  /** The shared dependencies of the workspace that a manifest is of: the nearest one above it, or its own. */
  function workspaceOf(path: string): Readonly<Record<string, unknown>> {
    const above = manifests.filter(
      (other) =>
        other.decoded.workspace !== undefined &&
        (folderOf(other.path) === '' || path.startsWith(`${folderOf(other.path)}/`)),
    );
    return above.sort((a, b) => b.path.length - a.path.length)[0]?.decoded.workspace?.dependencies ?? {};
  }
}

function dependencyOf(key: string, value: unknown, shared: Readonly<Record<string, unknown>>): CrateDependency {
  const own = v.safeParse(Dependency, typeof value === 'string' ? {} : value);
  const stated = own.success ? own.output : v.parse(Dependency, {});
  const inherited = stated.workspace && Object.hasOwn(shared, key) ? dependencyOf(key, shared[key], {}) : null;
  const isDefault = stated['default-features'] ?? stated.default_features;
  return {
    crate: stated.package ?? inherited?.crate ?? key,
    isOptional: stated.optional,
    features: [...stated.features, ...(inherited?.features ?? [])],
    // A member can turn the default features of its workspace on, and cannot turn them off.
    isDefault: inherited === null ? (isDefault ?? true) : inherited.isDefault || isDefault === true,
  };
}

function isWindows(condition: string): boolean {
  const plain = condition.replace(/\s+/gu, '');
  return /^cfg\((?:windows|target_(?:os|family)="windows")\)$|windows-(?:msvc|gnu)|^cfg\(target_(?:arch|family)="wasm/u.test(
    plain,
  );
}

function manifestIn(text: string): v.InferOutput<typeof Manifest> | null {
  try {
    const decoded = v.safeParse(Manifest, parse(text));
    return decoded.success ? decoded.output : null;
  } catch {
    // Without the manifest every crate of the lock counts.
    return null;
  }
}

function nameIn(text: string): string | null {
  return manifestIn(text)?.package?.name ?? null;
}
