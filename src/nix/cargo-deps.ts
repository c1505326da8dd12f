import type { Note } from '../base/note.ts';
import type { CargoVendoring } from '../classify/package-facts.ts';
import type { Dialect } from './dialect.ts';
import { apply, assign, identifier, indented, inlineSet, path, select, set, string } from './expression.ts';
import type { Attribute, AttributeGroup, PackageContext } from './package-expression.ts';
import type { PackageToPrint } from './package-names.ts';

/** The name of the lock file that stands beside an expression. */
export const CARGO_LOCK = 'Cargo.lock';

/**
 * `cargoDeps` with the crates of the Cargo.lock, `cargoRoot` where that is not at the root, and `dontUseCmakeConfigure`. The lock is a file beside the
 * expression, or its text where the expression has no place of its own. Crates from git have no hash there: Nix fetches them while it evaluates.
 */
export function nativeBuildAttributes({ facts }: PackageToPrint, context: PackageContext): AttributeGroup {
  const isSource = facts.source.kind !== 'wheel';
  const { cargo } = facts;
  const attributes: Attribute[] = [];
  const notes: Note[] = [];
  if (cargo !== undefined && isSource) {
    const { release, rust } = context.dialect;
    if (rust === null)
      notes.push({
        kind: 'omitted',
        text: `its crates are left out: nixpkgs ${release} has no importCargoLock`,
        project: facts.name,
      });
    else {
      attributes.push(...cargoAttributes(cargo, rust, context));
      if (cargo.gitCrates.length > 0 && !rust.gitCrates)
        notes.push({
          kind: 'warning',
          text: `importCargoLock of nixpkgs ${release} asks for the hashes of crates from git, which are not known: ${cargo.gitCrates.join(', ')}`,
          project: facts.name,
        });
    }
  }
  if (facts.dontUseCmakeConfigure === true && isSource && context.dialect.cmakeHook)
    attributes.push({ name: 'dontUseCmakeConfigure', value: identifier('true') });
  return { attributes, notes };
}

function cargoAttributes(
  { lock, root, gitCrates }: CargoVendoring,
  rust: NonNullable<Dialect['rust']>,
  context: PackageContext,
): Attribute[] {
  const importCargoLock = context.scope.package(
    { kind: 'system', attribute: 'rustPlatform.importCargoLock' },
    'native libraries',
  );
  const text =
    context.filesBeside === true
      ? assign('lockFile', path(`./${CARGO_LOCK}`))
      : rust.lockFileContents
        ? assign('lockFileContents', indented(lock))
        : assign('lockFile', apply(select(identifier('builtins'), 'toFile'), string(CARGO_LOCK), indented(lock)));
  const fetch = gitCrates.length === 0 || !rust.gitCrates ? [] : [assign('allowBuiltinFetchGit', identifier('true'))];
  return [
    {
      name: 'cargoDeps',
      value: apply(importCargoLock, context.filesBeside === true ? inlineSet([text, ...fetch]) : set([text, ...fetch])),
    },
    ...(root === null ? [] : [{ name: 'cargoRoot', value: string(root) }]),
  ];
}
