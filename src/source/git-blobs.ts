import { type GitOptions, gitFailure, startFailure, startGit } from './git-command.ts';

/** The objects of a repository, one after the other through one process. */
export interface GitBlobs {
  /** The bytes of a file by its object id. One has to be read to its end before the next is asked for. */
  read(id: string): AsyncGenerator<Uint8Array>;
  /** Ends the process. */
  close(): void;
}

/** Opens the objects of a repository for reading. What goes wrong is thrown by `read`: UserError E_NO_GIT or E_GIT_FAILED (exit 69). */
export function openBlobs(git: GitOptions): GitBlobs {
  const child = startGit(['cat-file', '--batch'], git);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw startFailure(null);
  let failure: unknown = null;
  child.on('error', (cause) => {
    failure = startFailure(cause);
    stdout.destroy();
  });
  // A process that has ended shows in what it does not answer.
  stdin.on('error', () => {});
  const chunks: AsyncIterator<Buffer> = stdout[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  return {
    async *read(id) {
      stdin.write(`${id}\n`);
      const header = await line();
      const size = Number(/^[0-9a-f]+ blob (\d+)$/u.exec(header)?.[1] ?? Number.NaN);
      if (Number.isNaN(size)) throw gitFailure(`the object ${id}`, header);
      for (let left = size; left > 0; ) {
        const chunk = await some(left);
        left -= chunk.length;
        yield chunk;
      }
      // A line break ends each object.
      await some(1);
    },
    close() {
      stdin.end();
      child.kill();
    },
  };

  async function fill(): Promise<void> {
    const next = await chunks.next().catch((error: unknown) => {
      throw failure ?? error;
    });
    if (next.done === true) throw failure ?? gitFailure('an object', 'git ended early');
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
  }

  async function line(): Promise<string> {
    for (;;) {
      const end = rest.indexOf(0x0a);
      if (end >= 0) {
        const text = rest.subarray(0, end).toString('latin1');
        rest = rest.subarray(end + 1);
        return text;
      }
      await fill();
    }
  }

  /** At least one byte and at most so many. */
  async function some(most: number): Promise<Buffer> {
    while (rest.length === 0) await fill();
    const chunk = rest.subarray(0, most);
    rest = rest.subarray(chunk.length);
    return chunk;
  }
}
