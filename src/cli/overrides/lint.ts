import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { EXIT, type ExitCode, throwAll, UserError, userErrorsOf } from '../../base/user-error.ts';
import { type LintedFile, type LintFinding, lintOverrideFile } from '../../overrides/lint.ts';
import type { OverrideText } from '../../overrides/override-file.ts';
import { readOverrideFile, readOverrideFolder } from '../../overrides/read-folder.ts';
import { noteLines } from '../../report/notes.ts';
import { lintJson, lintNotes, lintSummary } from '../../report/overrides-lint.ts';
import type { CommandResult } from '../options/command.ts';
import type { OverridesOptions } from '../options/overrides-options.ts';
import type { CommandContext } from '../world.ts';
import { lintKnowledge } from './knowledge.ts';
import { overrideFolders } from './override-layers.ts';

/**
 * `pypi2nix overrides lint [FILE | DIR...]`: checks override files, those of the run's own folders when none is named. Warnings fail nothing.
 * Throws one UserError for each finding, all together: E_OVERRIDE_LINT (exit 1), or exit 65 for all of them when a file is no TOML. With `--json` the findings are
 * the result instead, with these exit codes. Throws E_CANNOT_READ (exit 74) for a path that cannot be read,
 * and E_NO_OVERRIDES (exit 1) for a folder that is named and has no override files.
 */
export async function lintOverrides(options: OverridesOptions, context: CommandContext): Promise<CommandResult> {
  const sources = await sourcesOf(options, context);
  const knowledge = lintKnowledge();
  const linted = sources.map((source) => ({ source, result: lintOverrideFile(source, knowledge) }));
  const tried = options.redundant ? await redundantIn(linted, { options, context }) : { findings: [], notes: [] };
  const findings = [...linted.flatMap(({ result }) => result.findings), ...tried.findings];
  const exit = exitOf(findings);
  const notes: readonly Note[] = [...tried.notes, ...lintNotes(findings)];
  if (options.json) {
    const stdout = lintJson({ files: sources.map(({ file }) => file), findings });
    return { stdout, exit, report: (style) => noteLines(tried.notes, style) };
  }
  if (exit !== EXIT.done) context.notes?.push(...notes);
  throwAll(findings.filter(({ fails }) => fails).map((finding) => lintError(finding, exit)));
  return { stdout: lintSummary(sources.length, findings.length), report: (style) => noteLines(notes, style) };
}

function exitOf(findings: readonly LintFinding[]): ExitCode {
  if (findings.some(({ code }) => code === 'unreadable')) return EXIT.data;
  return findings.some(({ fails }) => fails) ? EXIT.unmet : EXIT.done;
}

function lintError({ file, line, column, text, hint, code, excerpt }: LintFinding, exit: ExitCode): UserError {
  const message = `${file}:${line}:${column}: ${text} (${code})${excerpt === null ? '' : `\n${excerpt}`}`;
  return new UserError('E_OVERRIDE_LINT', message, { exit, ...(hint === null ? {} : { hint }) });
}

async function redundantIn(
  linted: readonly { readonly result: LintedFile }[],
  run: { readonly options: OverridesOptions; readonly context: CommandContext },
) {
  // It reads releases, which a check of texts does without.
  const { redundantRules } = await import('./redundant.ts');
  return redundantRules(
    linted.map(({ result }) => result),
    run,
  );
}

async function sourcesOf(
  { requirements, reading }: OverridesOptions,
  context: CommandContext,
): Promise<readonly OverrideText[]> {
  const named = requirements.map((given) => ({
    folder: path.resolve(context.directory, given),
    label: given.replace(/(?<=.)\/+$/u, ''),
    required: true,
  }));
  const places = named.length > 0 ? named : overrideFolders(reading.overrides, context);
  const faults: UserError[] = [];
  const sources: OverrideText[] = [];
  for (const place of places) {
    try {
      const found = await sourcesIn(place);
      if (found.length === 0 && named.length > 0) faults.push(nothingThere(place.label));
      sources.push(...found);
    } catch (thrown) {
      const errors = userErrorsOf(thrown);
      if (errors === undefined) throw thrown;
      faults.push(...errors.map((error) => (error.code === 'E_BAD_OVERRIDE' ? unreadable(error) : error)));
    }
  }
  throwAll(faults);
  return sources;
}

async function sourcesIn(place: {
  readonly folder: string;
  readonly label: string;
  readonly required: boolean;
}): Promise<OverrideText[]> {
  const isFile = await stat(place.folder).then(
    (found) => found.isFile(),
    // Who reads the folder tells what is wrong with it.
    () => false,
  );
  const files = isFile
    ? [
        {
          name: path.basename(place.folder),
          file: place.label,
          text: await readOverrideFile(place.folder, place.label),
        },
      ]
    : (await readOverrideFolder(place.folder, place)).files.map((each) => ({
        ...each,
        file: `${place.label}/${each.name}`,
      }));
  return files.map(({ name, file, text }) => ({ file, project: name.replace(/\.toml$/u, ''), text }));
}

/** Who names a folder means files in it; a CI that checks the wrong one would pass for ever. */
function nothingThere(label: string): UserError {
  return new UserError('E_NO_OVERRIDES', `${label} has no override files, which are named after projects: lxml.toml`, {
    hint: 'files are looked for right in the folder, not in folders inside of it',
  });
}

function unreadable(error: UserError): UserError {
  return new UserError(error.code, error.message, { exit: EXIT.data });
}
