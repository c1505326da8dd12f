import type { Note } from '../base/note.ts';
import { joinWords } from '../base/text.ts';
import type { SdistFacts } from '../metadata/release-facts.ts';
import type { NativeBuilders } from './native-builder.ts';
import type { CargoVendoring, Origin, SystemInput } from './package-facts.ts';

/** What a release that Cargo builds needs. */
export interface CargoInputs {
  readonly tools: readonly SystemInput[];
  readonly vendoring: CargoVendoring | null;
  readonly notes: readonly Note[];
}

const NOTHING: CargoInputs = { tools: [], vendoring: null, notes: [] };

/**
 * The Rust tools, and the Cargo.lock whose crates are there without a network (`rustPlatform.importCargoLock`). maturin is brought by its hook, which builds in
 * its place; setuptools-rust calls cargo itself.
 */
export function cargoInputs(facts: SdistFacts, builders: NativeBuilders): CargoInputs {
  if (builders.cargo === null) return NOTHING;
  const { cargoLock, cargoManifest, otherCargoLocks } = facts.native;
  const file = cargoManifest ?? 'pyproject.toml';
  const origin: Origin = {
    kind: 'backend',
    text: builders.cargo === 'maturin' ? 'maturin builds the extension' : 'setuptools-rust builds the extension',
    file,
  };
  const attributes =
    builders.cargo === 'maturin'
      ? ['rustPlatform.cargoSetupHook', 'rustPlatform.maturinBuildHook']
      : ['cargo', 'rustPlatform.cargoSetupHook', 'rustc'];
  const tools = attributes.map((attribute): SystemInput => ({ kind: 'system', attribute, origins: [origin] }));
  const notes: Note[] = [];
  if (cargoLock === null || cargoLock.text === null) {
    const [other] = otherCargoLocks;
    const why =
      cargoLock !== null
        ? `${cargoLock.path} is too large to be kept`
        : other === undefined
          ? 'the sdist has no Cargo.lock'
          : `${other} is no lock of ${file}`;
    notes.push({ kind: 'unknown', text: `it is built by Cargo, and ${why}: the expression has no cargoDeps`, file });
    // The hook refuses to run without cargoDeps.
    return {
      tools: tools.filter(({ attribute }) => attribute !== 'rustPlatform.cargoSetupHook'),
      vendoring: null,
      notes,
    };
  }
  if (cargoLock.gitCrates.length > 0)
    notes.push({
      kind: 'warning',
      text: `the crates ${joinWords(cargoLock.gitCrates)} come from git: their hashes are not known, so Nix fetches them while it evaluates`,
      file: cargoLock.path,
    });
  const at = cargoLock.path.lastIndexOf('/');
  return {
    tools,
    vendoring: {
      lock: cargoLock.text,
      root: at < 0 ? null : cargoLock.path.slice(0, at),
      gitCrates: cargoLock.gitCrates,
    },
    notes,
  };
}
