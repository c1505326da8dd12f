import { compareText } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import { parseOverrideFile } from './override-file.ts';
import type { OverrideRule } from './rule.ts';

/** A folder of override files, its texts read. */
export interface OverrideLayer {
  /** The folder as messages show it, for example `overrides`. */
  readonly label: string;
  /** `name` is the file name inside the folder. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** The rules of all layers by the PEP 503 name of their project, in the order in which they apply. */
export type Overrides = ReadonlyMap<string, readonly OverrideRule[]>;

/**
 * The rules of layers of override files. A later layer applies after the earlier ones: shipped, user, repository, `--overrides`.
 * Each file is about the project that it is named after.
 *
 * Throws UserError E_BAD_OVERRIDE (exit 78), all faults of all files together.
 */
export function loadOverrides(layers: readonly OverrideLayer[]): Overrides {
  const rules = new Map<string, OverrideRule[]>();
  const faults: UserError[] = [];
  for (const { label, files } of layers) {
    for (const { name, text } of [...files].sort((a, b) => compareText(a.name, b.name))) {
      const file = `${label}/${name}`;
      const project = name.replace(/\.toml$/u, '');
      const misnamed = faultOfName(file, project);
      if (misnamed !== null) faults.push(misnamed);
      const read = parseOverrideFile({ file, project, text });
      faults.push(...read.faults);
      rules.set(project, [...(rules.get(project) ?? []), ...read.rules]);
    }
  }
  throwAll(faults);
  return rules;
}

function faultOfName(file: string, project: string): UserError | null {
  if (isProjectName(project) && normalizeName(project) === project) return null;
  return new UserError('E_BAD_OVERRIDE', `${file}: the file is not named after a project`, {
    exit: EXIT.config,
    hint: isProjectName(project)
      ? `name it ${normalizeName(project)}.toml`
      : 'name it NAME.toml with the name of the project in lower case, words joined by `-`',
  });
}
