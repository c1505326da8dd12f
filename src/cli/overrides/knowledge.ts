import { libraryAttribute } from '../../classify/native-lookup.ts';
import { LIBRARY_ROWS } from '../../classify/native-names.ts';
import { MORE_LIBRARY_ROWS } from '../../classify/native-names-more.ts';
import { RELEASES } from '../../nix/dialect.ts';
import { BOOTSTRAP_PROJECTS } from '../../nixpkgs/bootstrap.ts';
import { builtinSet } from '../../nixpkgs/package-set.ts';
import { markerEnvironments, type Platform } from '../../nixpkgs/targets.ts';
import type { LintKnowledge } from '../../overrides/lint.ts';
import { isAbsent } from './absent-names.ts';

/** What the check of override files takes from the tables of this program: releases, targets, and the names of nixpkgs that it knows. */
export function lintKnowledge(): LintKnowledge {
  const systems = [...LIBRARY_ROWS, ...MORE_LIBRARY_ROWS]
    .map((row) => row.split(' | ')[0] ?? '')
    .filter((attribute) => attribute !== '' && attribute !== '-');
  const known = new Set([...systems, ...TOOLS]);
  const sets = ['16.03', '18.03', 'unstable'].map(builtinSet);
  return {
    releases: RELEASES,
    environments: PYTHONS.flatMap((python) => markerEnvironments([python], PLATFORMS, ['cpython', 'pypy'])),
    knowsSystem: (attribute) => known.has(attribute) || typeof libraryAttribute('external', attribute) === 'string',
    systems: [...known],
    isAbsent,
    knowsProject: (project) => BOOTSTRAP_PROJECTS.has(project) || sets.some((set) => set.attributeOf(project) !== null),
  };
}

/** Tools that builds and tests of Python packages use, by their attributes; the tables of libraries do not have them. */
const TOOLS = [
  ...[
    'autoconf',
    'automake',
    'autoreconfHook',
    'bison',
    'cargo',
    'clang',
    'cmake',
    'curl',
    'cython',
    'flex',
    'gfortran',
  ],
  ...['git', 'gnumake', 'gobject-introspection', 'graphviz', 'gperf', 'installShellFiles', 'libtool', 'llvm', 'm4'],
  ...['makeWrapper', 'maturin', 'meson', 'nasm', 'ninja', 'nodejs', 'openssh', 'patchelf', 'perl', 'pkg-config'],
  ...['protobuf', 'ragel', 'rustc', 'rustPlatform.cargoSetupHook', 'rustPlatform.maturinBuildHook', 'swig', 'unzip'],
  ...['versionCheckHook', 'wayland-scanner', 'wrapGAppsHook3', 'writableTmpDirAsHomeHook', 'yasm', 'zip'],
];

/** All interpreters that `--python` could sensibly name. */
const PYTHONS = ['2.6', '2.7', ...Array.from({ length: 21 }, (_, minor) => `3.${minor}`)];

const PLATFORMS: readonly Platform[] = ['x86_64-linux', 'aarch64-linux', 'x86_64-darwin', 'aarch64-darwin'];
