import { spawn } from 'node:child_process';
import { countOf, excerpt } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { FileChange } from '../../repository/write-plan.ts';
import type { CommandContext } from '../world.ts';
import { type CommitChoices, commitsOf } from './planned-commits.ts';

/** The git repository around a repository of packages. */
export interface UpdateGit {
  /** Throws UserError E_GIT_CHANGES (exit 1) where files that are going to be written have changes that are not committed, which are the user's. */
  refuseChanged(changes: readonly FileChange[]): Promise<void>;
  /** Makes the commits of an update that is written. Throws UserError E_GIT_FAILED (exit 1). */
  commit(changes: readonly FileChange[], options: CommitChoices): Promise<void>;
}

/** Looks for the git repository that a folder is in. Throws UserError E_NO_GIT (exit 69) and E_NO_GIT_REPOSITORY (1). */
export async function openUpdateGit(folder: string, { environment }: CommandContext): Promise<UpdateGit> {
  const git = (args: readonly string[], input = ''): Promise<GitAnswer> =>
    runUserGit(args, { folder, environment, input });
  const { status, stdout } = await git(['rev-parse', '--is-inside-work-tree']);
  if (status !== 0 || stdout.trim() !== 'true') {
    throw new UserError('E_NO_GIT_REPOSITORY', `${folder} is in no git repository`, {
      hint: 'begin one with git init, and commit what is there; or leave --commit out',
    });
  }
  return {
    async refuseChanged(changes) {
      const there = changes.filter(({ before }) => before !== null).map(({ path }) => path);
      if (there.length === 0) return;
      const answer = await git(['status', '--porcelain=v1', '-z', '--untracked-files=all', '--', ...there]);
      if (answer.status !== 0) throw failed('status', answer.stderr);
      const names = answer.stdout.split('\0').flatMap((line) => (line === '' ? [] : [line.slice(3)]));
      if (names.length === 0) return;
      const shown = names.slice(0, 10).map((name) => `  ${excerpt(name)}`);
      throw new UserError(
        'E_GIT_CHANGES',
        `${countOf(names.length, 'file')} with changes of yours that are not committed, nothing is written:\n${shown.join('\n')}`,
        { hint: 'commit them first, or leave --commit out' },
      );
    },
    async commit(changes, options) {
      for (const { message, paths } of commitsOf(changes, options)) {
        // What else is staged stays so: a commit is of these paths alone.
        const added = await git(['add', '--all', '--', ...paths]);
        if (added.status !== 0) throw failed('add', added.stderr);
        const made = await git(['commit', '--quiet', '--only', '--file=-', '--', ...paths], message);
        if (made.status !== 0) throw failed('commit', made.stderr === '' ? made.stdout : made.stderr);
      }
    },
  };
}

interface GitAnswer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The user's own git with all their settings and hooks: the commits are theirs. Paths are names of files and never patterns. */
async function runUserGit(
  args: readonly string[],
  {
    folder,
    environment,
    input,
  }: { readonly folder: string; readonly environment: CommandContext['environment']; readonly input: string },
): Promise<GitAnswer> {
  const child = spawn('git', ['--literal-pathspecs', ...args], {
    cwd: folder,
    env: { ...environment, PATH: environment.PATH ?? process.env.PATH, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = `${stderr}${text}`.slice(-10_000);
  });
  // It may end without reading.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (cause) =>
      reject(
        new UserError('E_NO_GIT', 'git cannot be started', {
          exit: EXIT.unavailable,
          hint: 'install git, or leave --commit out',
          cause,
        }),
      ),
    );
    child.on('close', resolve);
  });
  return { status, stdout, stderr };
}

function failed(what: string, said: string): UserError {
  return new UserError('E_GIT_FAILED', `git ${what} failed: ${excerpt(said) || 'it gives no reason'}`, {
    hint: 'see to what git says; files that were written stay, and can be committed by hand',
  });
}
