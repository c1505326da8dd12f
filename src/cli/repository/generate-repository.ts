import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { joinWords } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import { repositoryFiles } from '../../nix/repository-files.ts';
import { conflictsOf, outcomeLines } from '../../report/repository-outcomes.ts';
import type { RecordedPackage } from '../../repository/generated-record.ts';
import { MANIFEST_PATH } from '../../repository/manifest.ts';
import { writeRepository } from '../../repository/write-repository.ts';
import type { Generated, Output } from '../generate.ts';
import type { GenerateOptions } from '../options.ts';
import type { CommandContext } from '../world.ts';
import { requestsWith } from './recorded-request.ts';

/**
 * Writes the expressions of a run into the folder of `-o`. Packages of earlier runs stay there and are called beside the new ones.
 * Throws UserError E_MANAGED_REPOSITORY (exit 2) for a folder with a manifest, and what `writeRepository` throws.
 */
export async function asRepository(
  generated: Generated,
  { options, context }: { options: GenerateOptions; context: CommandContext },
): Promise<Output> {
  const { directory } = context;
  const { toPrint, dialect, targets, onlyFor } = generated;
  const target = path.resolve(directory, options.output ?? '.');
  refuseManaged(target, options.output ?? '.');
  const shared = { dialect, pythons: targets.pythons, topPython: options.pythons?.[0] ?? null };
  const only = onlyFor === null ? {} : { onlyFor };
  const packages = toPrint.map(({ facts: { name, version } }) => ({ name, version }));
  const from = path.relative(target, directory);
  let notes: readonly Note[] = [];
  const plan = await writeRepository({
    directory: target,
    force: options.force,
    // What earlier runs wrote into the folder stays and is called beside the new packages.
    compose(record) {
      const isOtherForm = record.generation !== null && record.generation !== dialect.generation;
      const earlier = isOtherForm ? [] : record.packages;
      const { files, calls, notes: told } = repositoryFiles(toPrint, { ...shared, ...only, earlier });
      const left = isOtherForm ? record.packages.filter(({ name }) => !calls.some((call) => call.name === name)) : [];
      notes = [...told, ...otherFormNotes(left, { options, generation: record.generation })];
      return {
        files: new Map([...files].map(([file, text]) => [file, { text }])),
        packages: calls,
        generation: dialect.generation,
        ...(context.arguments === undefined
          ? {}
          : { requests: requestsWith(target, { arguments: context.arguments, directory: from, packages }) }),
      };
    },
  });
  return {
    stdout: '',
    notes,
    lines: (style) => outcomeLines(plan.outcomes, style),
    ...(conflictsOf(plan.outcomes).length === 0 ? {} : { exit: EXIT.unmet }),
  };
}

/** The manifest says what is in a repository: what is written beside it would be gone with the next run. */
function refuseManaged(target: string, given: string): void {
  if (!existsSync(path.join(target, MANIFEST_PATH))) return;
  throw new UserError('E_MANAGED_REPOSITORY', `${given} is a repository, whose ${MANIFEST_PATH} says what is in it`, {
    exit: EXIT.usage,
    hint: `go there and ask for it: cd ${given} && pypi2nix add NAME`,
  });
}

function otherFormNotes(
  left: readonly RecordedPackage[],
  { options, generation }: { readonly options: GenerateOptions; readonly generation: string | null },
): Note[] {
  if (left.length === 0) return [];
  const names = joinWords(left.map(({ name }) => name));
  const text = `${options.output ?? '.'} still has ${names} in the form of nixpkgs ${generation ?? '?'}, which default.nix leaves out: name all projects in one run, or delete what is no longer wanted`;
  return [{ kind: 'warning', text }];
}
