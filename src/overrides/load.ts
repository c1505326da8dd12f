import { compareText } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import { overrideError, parseOverrideFile } from './override-file.ts';
import type { OverrideRule } from './rule.ts';

/** A folder of override files, its texts read. */
export interface OverrideLayer {
  /** The folder as messages show it, for example `overrides`. */
  readonly label: string;
  /** `name` is the file name inside the folder. */
  readonly files: readonly {
    readonly name: string;
    readonly text: string;
    /** Texts of the patches in the folder NAME beside it, by file name; missing: there are none. */
    readonly patches?: ReadonlyMap<string, string>;
  }[];
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
    for (const { name, text, patches = new Map() } of [...files].sort((a, b) => compareText(a.name, b.name))) {
      const file = `${label}/${name}`;
      const project = name.replace(/\.toml$/u, '');
      const misnamed = faultOfName(project);
      if (misnamed !== null) faults.push(misnamedError(file, misnamed));
      const read = parseOverrideFile({ file, project, text, patches });
      faults.push(...read.faults.map((fault) => overrideError({ file, project, text }, fault)));
      rules.set(project, [...(rules.get(project) ?? []), ...read.rules]);
    }
  }
  throwAll(faults);
  return rules;
}

/** What is wrong with the name of an override file without its `.toml`; null when it is a name of a project in normal form. */
export function faultOfName(project: string): { readonly text: string; readonly hint: string } | null {
  if (isProjectName(project) && normalizeName(project) === project) return null;
  return {
    text: 'the file is not named after a project',
    hint: isProjectName(project)
      ? `name it ${normalizeName(project)}.toml`
      : 'name it NAME.toml with the name of the project in lower case, words joined by `-`',
  };
}

function misnamedError(file: string, { text, hint }: { readonly text: string; readonly hint: string }): UserError {
  return new UserError('E_BAD_OVERRIDE', `${file}: ${text}`, { exit: EXIT.config, hint });
}
