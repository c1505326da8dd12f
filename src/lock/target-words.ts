import { joinWords } from '../base/text.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';

/** The Python of a target, `3.13`. */
export function pythonOf(target: MarkerEnvironment): string {
  return target.python_version ?? 'any';
}

/** The platform of a target as `--platform` takes it, `aarch64-darwin`. */
export function platformOf({ platform_machine: machine, sys_platform: system }: MarkerEnvironment): string {
  return `${machine === 'arm64' ? 'aarch64' : (machine ?? 'any')}-${system ?? 'any'}`;
}

/** The targets in words: `Python 3.12 and 3.13 on x86_64-linux, and Python 3.13 on aarch64-darwin`. */
export function targetWords(targets: readonly MarkerEnvironment[]): string {
  const pythonsOn = new Map<string, string[]>();
  for (const python of distinct(targets.map(pythonOf))) {
    const platforms = joinWords(distinct(targets.filter((each) => pythonOf(each) === python).map(platformOf)));
    pythonsOn.set(platforms, [...(pythonsOn.get(platforms) ?? []), python]);
  }
  return [...pythonsOn].map(([platforms, pythons]) => `Python ${joinWords(pythons)} on ${platforms}`).join(', and ');
}

/** Each text once, in the given order. */
export function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
