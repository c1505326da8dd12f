import type { Note } from '../../base/note.ts';
import { joinWords, sortedUnique } from '../../base/text.ts';
import { type ChosenWheel, chooseWheels } from '../../index/choose-wheels.ts';
import type { IndexFile } from '../../index/project-page.ts';
import { parseWheelName } from '../../pep/wheel-name.ts';
import { type TagTarget, wheelFits } from '../../pep/wheel-tags.ts';
import { type RunTargets, tagTargets } from '../run/targets.ts';

/** What is to be installed of a release that is taken as wheels. */
export interface ReleaseWheels {
  /** The wheel of each target that has one, those of the first interpreter first; null where a single wheel serves all targets. */
  readonly wheels: readonly ChosenWheel[] | null;
  /** A warning where targets are without a wheel. */
  readonly notes: readonly Note[];
}

/** The wheels of a release for all interpreters and platforms of a run, where `chosen`, the one that fits best, does not fit them all. */
export function releaseWheels(
  chosen: IndexFile,
  {
    project,
    files,
    targets,
  }: { readonly project: string; readonly files: readonly IndexFile[]; readonly targets: RunTargets },
): ReleaseWheels {
  const all = tagTargets(targets.pythons, targets);
  const name = parseWheelName(chosen.filename);
  if (name === null || all.every((target) => wheelFits(name, target))) return { wheels: null, notes: [] };
  const wheels = chooseWheels(files, { project, targets: all });
  const missing = all.filter((target) => !wheels.some((wheel) => wheel.target === target));
  if (missing.length === 0) return { wheels, notes: [] };
  const text = `${project} ${chosen.version} has no wheel for ${joinWords(wordsOf(missing, all))}`;
  return { wheels, notes: [{ kind: 'warning', text, project }] };
}

/** The wheel that tells what the compiled parts of the release link: of the first target on Linux; null where there is no such target, or where nothing is compiled. */
export function linkedWheel(file: IndexFile, wheels: readonly ChosenWheel[] | null): IndexFile | null {
  const onLinux = wheels === null ? file : wheels.find(({ target }) => target.platform.endsWith('-linux'))?.file;
  const tags = onLinux === undefined ? [] : (parseWheelName(onLinux.filename)?.platform ?? []);
  return onLinux !== undefined && tags.some((tag) => /linux/.test(tag)) ? onLinux : null;
}

/** `Python 3.15`, `aarch64-darwin`, or both where neither lacks wheels altogether. */
function wordsOf(missing: readonly TagTarget[], all: readonly TagTarget[]): string[] {
  const lacksAll = (is: (target: TagTarget) => boolean): boolean =>
    all.filter(is).every((target) => missing.includes(target));
  return sortedUnique(
    missing.map(({ python, platform }) => {
      if (lacksAll((target) => target.platform === platform)) return platform;
      if (lacksAll((target) => target.python === python)) return `Python ${python}`;
      return `Python ${python} on ${platform}`;
    }),
  );
}
