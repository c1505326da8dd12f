import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { startIndex } from '../support/loopback-index.ts';
import { alternate, type BenchContext, type Measurement, medianOf } from '../support/measurement.ts';
import { loopbackEnvironment, timed, withCache } from '../support/program.ts';

const PROJECT = 'lxml';
const VERSION = '3.4.4';
const ROUNDS = 7;
const TIMES = 3;

/**
 * Reading an sdist of 3.5 MB with many tests, beside `tar xzf` of it. Reading is what a run with an empty cache takes longer than one that
 * has the facts already; the index is on this machine, so that the network plays no part.
 */
export async function measureSdist({ program, folder, say }: BenchContext): Promise<Measurement> {
  say(`downloading ${PROJECT} ${VERSION}`);
  const archive = await download(program, folder);
  const bytes = await readFile(archive);
  const index = await startIndex([
    {
      name: PROJECT,
      filename: path.basename(archive),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      size: bytes.length,
      open: () => createReadStream(archive),
    },
  ]);
  try {
    const run = async (cache: string): Promise<number> => {
      const args = ['--quiet', '--no-checks', '--index-url', index.url, PROJECT];
      return (await timed([process.execPath, program, ...args], loopbackEnvironment(path.join(folder, cache)))).seconds;
    };
    await run('filled');
    say(`${ROUNDS} rounds of reading it and tar xzf`);
    const started: number[] = [];
    let round = 0;
    const runs = await alternate(ROUNDS, {
      measured: async () => {
        started.push(await run('filled'));
        return await run(`empty-${round++}`);
      },
      against: () => unpack(archive, path.join(folder, 'unpacked')),
    });
    const tar = medianOf(runs.against);
    return {
      unit: 's',
      measured: Math.max(0, medianOf(runs.measured) - medianOf(started)),
      against: { what: 'tar xzf', figure: tar },
      limit: { figure: TIMES * tar, rule: `${TIMES} times` },
      details: { ...runs, started },
    };
  } finally {
    await index.close();
  }
}

/** The archive by the program itself, which knows where it is. */
async function download(program: string, folder: string): Promise<string> {
  const archives = path.join(folder, 'archives');
  const args = ['--quiet', '--no-checks', '--archives', archives, `${PROJECT}==${VERSION}`];
  await timed([process.execPath, program, ...args], withCache(path.join(folder, 'download')));
  const [file] = (await readdir(archives)).filter((name) => name.startsWith(`${PROJECT}-`));
  if (file === undefined) throw new Error(`no archive of ${PROJECT} came`);
  return path.join(archives, file);
}

async function unpack(archive: string, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const { seconds } = await timed(['tar', 'xzf', archive, '-C', folder]);
  await rm(folder, { recursive: true });
  return seconds;
}
