import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { compareText } from '../../base/text.ts';
import { EXIT, type ExitCode, throwAll, UserError, userErrorsOf } from '../../base/user-error.ts';
import { type LintedFile, type LintFinding, lintOverrideFile, lintUnreadable } from '../../overrides/lint.ts';
import type { OverrideText } from '../../overrides/override-file.ts';
import { readOverrideFile, type UnreadableFile } from '../../overrides/read-file.ts';
import { type FoundFile, findOverrideFiles } from '../../overrides/read-folder.ts';
import { readPatches } from '../../overrides/read-patches.ts';
import { noteLines } from '../../report/notes.ts';
import { lintJson, lintNotes, lintSummary } from '../../report/overrides-lint.ts';
import type { CommandResult } from '../options/command.ts';
import type { OverridesOptions } from '../options/overrides-options.ts';
import type { CommandContext } from '../world.ts';
import { lintKnowledge } from './knowledge.ts';
import { overrideFolders } from './override-layers.ts';

/**
 * `pypi2nix overrides lint [FILE | DIR...]`: checks override files, those of the run's own folders when none is named. Warnings fail nothing.
 * Throws one UserError for each finding, all together: E_OVERRIDE_LINT (exit 1), or exit 65 for all of them when a file is no TOML or no text. With `--json` the findings are
 * the result instead, with these exit codes. Throws E_CANNOT_READ (exit 74) for a path that cannot be read,
 * and E_NO_OVERRIDES (exit 1) for a folder that is named and has no override files.
 */
export async function lintOverrides(options: OverridesOptions, context: CommandContext): Promise<CommandResult> {
  const { sources, unreadable } = await sourcesOf(options, context);
  const knowledge = lintKnowledge();
  const linted = sources.map((source) => ({ source, result: lintOverrideFile(source, knowledge) }));
  const tried = options.redundant ? await redundantIn(linted, { options, context }) : { findings: [], notes: [] };
  const findings = [
    ...unreadable.map(lintUnreadable),
    ...linted.flatMap(({ result }) => result.findings),
    ...tried.findings,
  ];
  const exit = exitOf(findings);
  const notes: readonly Note[] = [...tried.notes, ...lintNotes(findings)];
  if (options.json) {
    const stdout = lintJson({ files: [...unreadable, ...sources].map(({ file }) => file).sort(compareText), findings });
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
  // What is said of a value may show the place in it below.
  const [clause = '', ...shown] = text.split('\n');
  const message = [`${file}:${line}:${column}: ${clause} (${code})`, ...shown, ...(excerpt === null ? [] : [excerpt])];
  return new UserError('E_OVERRIDE_LINT', message.join('\n'), { exit, ...(hint === null ? {} : { hint }) });
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
): Promise<{ readonly sources: readonly OverrideText[]; readonly unreadable: readonly UnreadableFile[] }> {
  const named = requirements.map((given) => ({
    folder: path.resolve(context.directory, given),
    label: given.replace(/(?<=.)\/+$/u, ''),
    required: true,
  }));
  const places = named.length > 0 ? named : overrideFolders(reading.overrides, context);
  const faults: UserError[] = [];
  const found: (OverrideText | UnreadableFile)[] = [];
  for (const place of places) {
    try {
      const files = await sourcesIn(place);
      if (files.length === 0 && named.length > 0) faults.push(nothingThere(place.label));
      found.push(...files);
    } catch (thrown) {
      const errors = userErrorsOf(thrown);
      if (errors === undefined) throw thrown;
      faults.push(...errors);
    }
  }
  throwAll(faults);
  return {
    sources: found.filter((each) => 'project' in each),
    unreadable: found.filter((each) => 'column' in each),
  };
}

async function sourcesIn(place: {
  readonly folder: string;
  readonly label: string;
  readonly required: boolean;
}): Promise<(OverrideText | UnreadableFile)[]> {
  const isFile = await stat(place.folder).then(
    (found) => found.isFile(),
    // Who reads the folder tells what is wrong with it.
    () => false,
  );
  if (isFile) {
    const name = path.basename(place.folder);
    const read = await readOverrideFile(place.folder, place.label);
    const beside = path.dirname(place.folder);
    const { patches, faults } = await readPatches(beside, name.replace(/\.toml$/u, ''), path.dirname(place.label));
    return [sourceOf({ name, ...read, patches }, place.label), ...faults.map(({ fault }) => fault)];
  }
  const files = await findOverrideFiles(place.folder, place);
  return files.map((each) => sourceOf(each, `${place.label}/${each.name}`));
}

function sourceOf(found: FoundFile, file: string): OverrideText | UnreadableFile {
  if ('fault' in found) return found.fault;
  return { file, project: found.name.replace(/\.toml$/u, ''), text: found.text, patches: found.patches ?? new Map() };
}

/** Who names a folder means files in it; a CI that checks the wrong one would pass for ever. */
function nothingThere(label: string): UserError {
  return new UserError('E_NO_OVERRIDES', `${label} has no override files, which are named after projects: lxml.toml`, {
    hint: 'files are looked for right in the folder, not in folders inside of it',
  });
}
