import path from 'node:path';
import pLimit from 'p-limit';
import { plainFileName, saveVerified } from '../../cache/save-verified.ts';
import type { PackageFacts } from '../../classify/package-facts.ts';
import type { IndexFile } from '../../index/project-page.ts';
import type { HttpClient } from '../../net/http-client.ts';
import { retrying } from '../../net/retry.ts';
import { openFile } from './download.ts';
import type { ReleaseReader } from './release-reader.ts';

/**
 * Puts the archive of each package into a folder under its own file name, for `nix-store --add-fixed`; those that were named by address or path too. Each is checked
 * against its digest before it gets its name. Folders and repositories are no archives, and are passed over.
 */
export async function saveArchives(
  packages: readonly PackageFacts[],
  {
    folder,
    reader,
    http,
    jobs,
  }: { readonly folder: string; readonly reader: ReleaseReader; readonly http: HttpClient; readonly jobs: number },
): Promise<void> {
  const limit = pLimit(jobs);
  let hasFailed = false;
  const save = async ({ name, version, source }: PackageFacts): Promise<void> => {
    if (hasFailed || source.kind === 'directory' || source.kind === 'git') return;
    const { file } = await reader.sourceFile(name, version);
    const others = (source.wheels ?? []).filter(({ filename }) => filename !== file.filename);
    await saveFile(file, source.sha256);
    for (const other of new Map(others.map((each) => [each.filename, each])).values())
      await saveFile({ ...file, ...other }, other.sha256);
  };
  const saveFile = async (file: IndexFile, sha256: string): Promise<void> => {
    const to = path.join(folder, plainFileName(file.filename));
    await retrying(file.filename, async () => saveVerified(await openFile(file, http), { sha256, to }));
  };
  // Those under way are waited for after a failure too: nothing is written once the run has ended.
  const outcomes = await Promise.allSettled(
    packages.map((facts) =>
      limit(() =>
        save(facts).catch((error: unknown) => {
          hasFailed = true;
          throw error;
        }),
      ),
    ),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
