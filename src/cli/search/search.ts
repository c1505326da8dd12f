import type { Note } from '../../base/note.ts';
import { joinWords } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { PackageSetNames } from '../../nixpkgs/package-set.ts';
import { noteLines } from '../../report/notes.ts';
import { searchLines } from '../../report/search.ts';
import { DISK } from '../../repository/file-system.ts';
import { readRecord } from '../../repository/plan-repository.ts';
import { type PackageSetChoice, packageSetOf } from '../env/package-set.ts';
import { chosenRoot } from '../env/root.ts';
import type { CommandResult } from '../options/command.ts';
import type { NixpkgsChoice } from '../options/nixpkgs-choice.ts';
import type { SearchOptions } from '../options/search-options.ts';
import { manifestOptions, readManifest, USUAL_WORK } from '../repository/repository-manifest.ts';
import type { CommandContext } from '../world.ts';
import { hitsInRepository, hitsInSet } from './hits.ts';
import { environmentCommands, picked } from './pick.ts';

/**
 * `pypi2nix search`: the packages of a repository and of nixpkgs that have a text in their names or descriptions, or the `env` lines for some of them.
 * Throws UserError E_NOTHING_FOUND (exit 1), E_USAGE (2) for numbers that the list does not have, and what reading a repository and a nixpkgs throws.
 */
export async function search(options: SearchOptions, context: CommandContext): Promise<CommandResult> {
  const { words, pick } = options;
  const root = chosenRoot(options.repository, context.directory);
  const { nixpkgs, chosen, areNamed } = await searchedSet(root, options, context);
  const [first = '', ...others] = chosen.targets.pythons;
  const packages = root === null ? [] : (await readRecord(DISK, { directory: root })).packages;
  const own = root === null ? [] : await hitsInRepository(words, { root, packages }, [first, ...others]);
  const found =
    nixpkgs.kind === 'none' ? [] : await hitsInSet(words, chosen, { pythons: [first, ...others], first, areNamed });
  const hits = [...own, ...found];
  if (hits.length === 0) throw nothingFound(words, chosen.set);
  if (pick.length > 0) {
    const lines = environmentCommands(picked(hits, pick), {
      usual: { inRepository: options.pythons === null ? first : null, alone: areNamed ? null : first },
      release: chosen.asked,
      nixpkgs,
      hasRepository: root !== null,
    });
    return { stdout: `${lines.join('\n')}\n`, report: (style) => noteLines(chosen.notes, style) };
  }
  const notes = [...chosen.notes, ...(found.length === 0 ? [] : listNotes(chosen.set))];
  const lines = searchLines(hits);
  return { stdout: `${lines.join('\n')}\n`, report: (style) => noteLines(notes, style) };
}

/** The package set that is looked through: in a repository its own, unless the line says another. */
async function searchedSet(
  root: string | null,
  options: SearchOptions,
  context: CommandContext,
): Promise<{ readonly nixpkgs: NixpkgsChoice; readonly chosen: PackageSetChoice; readonly areNamed: boolean }> {
  const { offline } = options;
  const kept = root === null ? null : manifestOptions(await readManifest(root), { ...USUAL_WORK, offline });
  const isKept = options.nixpkgs.kind === 'builtin' && kept !== null;
  const nixpkgs = isKept ? kept.nixpkgs : options.nixpkgs;
  const pythons = options.pythons ?? kept?.pythons ?? null;
  const chosen = await packageSetOf(
    { nixpkgs, pythons, release: options.release ?? kept?.release ?? null, platforms: null, bootstrap: false, offline },
    { ...context, directory: isKept && root !== null ? root : context.directory },
  );
  return { nixpkgs, chosen, areNamed: pythons !== null };
}

/** What a shipped list does not tell. */
function listNotes({ isEvaluated, source, versions }: PackageSetNames): readonly Note[] {
  if (isEvaluated) return [];
  const lacks = versions().size === 0 ? 'versions or descriptions' : 'descriptions';
  const text = `${source} has no ${lacks}, and does not tell interpreters apart; --nixpkgs names one that Nix reads`;
  return [{ kind: 'unknown', text }];
}

function nothingFound(words: readonly string[], { isEvaluated }: PackageSetNames): UserError {
  const texts = joinWords(words.map((word) => JSON.stringify(word)));
  const where = isEvaluated ? 'its name or description' : 'its name';
  return new UserError('E_NOTHING_FOUND', `no package has ${texts} in ${where}`, {
    exit: EXIT.unmet,
    hint: 'what PyPI has is generated: pypi2nix env NAME, or pypi2nix add NAME in a repository',
  });
}
