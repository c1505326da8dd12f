import { sortedUnique } from '../base/text.ts';
import { evaluateMarker, type Marker, type MarkerEnvironment } from '../pep/marker.ts';

/**
 * The option that leaves the targets on which the marker does not hold, for example `--python 3.12`: without the others a requirement with
 * this marker is gone. Null when that cannot be said by interpreters alone or platforms alone, or no target is left.
 */
export function targetsWithout(marker: Marker, targets: readonly MarkerEnvironment[], extra: string): string | null {
  const left = new Set(targets.filter((target) => !evaluateMarker(marker, { ...target, extra })));
  if (left.size === 0 || left.size === targets.length) return null;
  for (const [option, toValue] of OPTIONS) {
    const kept = new Set([...left].map(toValue));
    const isWhole = !kept.has(null) && targets.every((target) => left.has(target) === kept.has(toValue(target)));
    if (isWhole) return `${option} ${sortedUnique([...kept].flatMap((value) => value ?? [])).join(',')}`;
  }
  return null;
}

const OPTIONS: readonly (readonly [string, (target: MarkerEnvironment) => string | null])[] = [
  ['--python', (target) => target.python_version ?? null],
  ['--platform', platformOf],
];

// As nixpkgs calls the system, where the targets say it.
function platformOf({ sys_platform: system, platform_machine: machine }: MarkerEnvironment): string | null {
  return system === undefined || machine === undefined ? null : `${machine.replace(/^arm64$/, 'aarch64')}-${system}`;
}
