import type { TagTarget } from '../pep/wheel-tags.ts';
import { chooseFile } from './choose-file.ts';
import type { IndexFile } from './project-page.ts';
import { requiresPythonAdmits } from './requires-python.ts';

/** The wheel that an installer would take on a target. */
export interface ChosenWheel {
  readonly target: TagTarget;
  readonly file: IndexFile;
}

/** For each target the wheel of a release that fits it best, in the order of the targets; those that no wheel fits, or whose interpreter it refuses, are left out. */
export function chooseWheels(
  files: readonly IndexFile[],
  { project, targets }: { readonly project: string; readonly targets: readonly TagTarget[] },
): readonly ChosenWheel[] {
  const wheels = files.filter((file) => file.kind === 'wheel');
  return targets.flatMap((target): ChosenWheel[] => {
    const admitted = wheels.filter(
      ({ requiresPython }) => requiresPython === null || requiresPythonAdmits(requiresPython, target.python) !== false,
    );
    const chosen = chooseFile(admitted, { project, format: 'wheel', targets: [target] });
    return chosen === null ? [] : [{ target, file: chosen.file }];
  });
}
