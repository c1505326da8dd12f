import type { Change } from './rule.ts';

const BUILD_PHASES: ReadonlySet<string> = new Set(['postPatch', 'preConfigure', 'preBuild']);

/**
 * Whether a change is about building from source, and so says nothing of a wheel, which is only unpacked: what builds it, the libraries that it is linked with, and what is
 * done to its sources.
 */
export function isBuildingOnly(change: Change): boolean {
  switch (change.kind) {
    case 'inputs':
      return (
        change.list === 'build-system' ||
        change.list === 'nativeBuildInputs' ||
        (change.list === 'buildInputs' && change.entries.every(({ kind }) => kind === 'system'))
      );
    case 'texts':
      return change.list === 'patches';
    case 'text':
      return BUILD_PHASES.has(change.attribute);
    default:
      return false;
  }
}
