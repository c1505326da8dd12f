import { tryParseRequirement } from '../pep/requirement.ts';
import { normalPath, parentPath } from './python/file-paths.ts';
import type { Place, RequirementFile } from './release-facts.ts';

export interface RequirementLines {
  readonly requirements: readonly string[];
  /** What is no requirement and no option: `./local.whl`, `-e .`, a file that is not there. */
  readonly unknowns: readonly (Place & { readonly what: string; readonly why: string })[];
}

/** Whether a path of the sdist is that of a requirements file: at the root, or in a folder that is named for them. */
export function isRequirementFile(path: string): boolean {
  return /^(?:[\w.-]*req[\w.-]*\.(?:txt|in|pip)|(?:[\w.-]*\/)?requirements?\/(?:[\w.-]+\/)?[\w.-]+\.(?:txt|in|pip)|(?:tests?|ci|docs?)\/[\w.-]*req[\w.-]*\.(?:txt|in))$/iu.test(
    path,
  );
}

/** The requirements files of an sdist with includes followed. Files with nothing in them are left in: they say that nothing is needed. */
export function readRequirementFiles(
  paths: readonly string[],
  text: (path: string) => string | null,
): {
  readonly files: readonly RequirementFile[];
  readonly unknowns: RequirementLines['unknowns'];
} {
  const files: RequirementFile[] = [];
  const unknowns: RequirementLines['unknowns'][number][] = [];
  for (const path of paths.filter(isRequirementFile)) {
    const content = text(path);
    if (content === null) {
      unknowns.push({
        file: path,
        what: 'requirements',
        why: 'the file is too large or too many files were kept before',
      });
      continue;
    }
    const lines = readRequirementLines(content, path, text);
    files.push({ path, requirements: lines.requirements });
    unknowns.push(...lines.unknowns);
  }
  return { files, unknowns };
}

/**
 * The requirement texts of a requirements file, each once. Lenient where pip is strict, since these files are evidence and no input:
 * options are passed over, what cannot be read is told.
 * line = requirement ["#" comment] | "-r" path | option
 */
export function readRequirementLines(
  content: string,
  path: string,
  text: (path: string) => string | null,
): RequirementLines {
  const found = new Set<string>();
  const unknowns: RequirementLines['unknowns'][number][] = [];
  const seen = new Set<string>();
  const read = (one: string, file: string): void => {
    seen.add(file);
    for (const { line, number } of logicalLines(one)) {
      const include = /^(?:-r|--requirement)[\s=]*(\S+)/u.exec(line)?.[1];
      if (include !== undefined) {
        const target = normalPath(`${parentPath(file)}/${include}`.replace(/^\//u, ''));
        const included = text(target);
        if (included === null)
          unknowns.push({ file, line: number, what: 'requirements', why: `includes ${include}, which is not there` });
        else if (!seen.has(target)) read(included, target);
        continue;
      }
      if (line.startsWith('-') && !/^(?:-e|--editable)/u.test(line)) continue;
      const egg = eggOf(line);
      if (egg !== null) {
        found.add(egg);
        continue;
      }
      const requirement = line.replace(/\s--\w[\s\S]*/u, '').trim();
      if (tryParseRequirement(requirement) !== null) found.add(requirement);
      else if (!/^(?:-e|--editable)[\s=]*\.|^\.(?:\[|$|\/)/u.test(line)) {
        unknowns.push({
          file,
          line: number,
          what: 'requirements',
          why: `this is no requirement: ${line.slice(0, 80)}`,
        });
      }
    }
  };
  read(content, path);
  return { requirements: [...found], unknowns };
}

/**
 * The project that a checkout stands for; null for a line that names none. tox wants `\#` for `#`.
 * line = ["-e" | "--editable"] scheme "+" address "#" [key "=" value "&"]* "egg=" project
 */
export function eggOf(line: string): string | null {
  const fragment = /^(?:-e\s*|--editable[\s=]*)?\w+\+[^\s#]+#(\S+)/u.exec(line)?.[1];
  const egg = fragment?.split('&').find((part) => part.startsWith('egg='));
  return egg === undefined ? null : (/^egg=([\w.-]+)/u.exec(egg)?.[1] ?? null);
}

function logicalLines(text: string): { line: string; number: number }[] {
  const lines: { line: string; number: number }[] = [];
  let open = '';
  for (const [index, raw] of text.split(/\r?\n|\r/u).entries()) {
    const line = open + raw.replace(/(?:^|\s)#.*/u, '').trim();
    if (line.endsWith('\\')) {
      open = `${line.slice(0, -1)} `;
      continue;
    }
    open = '';
    if (line.trim() !== '') lines.push({ line: line.trim(), number: index + 1 });
  }
  return lines;
}
