import { performance } from 'node:perf_hooks';
import pLimit from 'p-limit';
import { sortedUnique } from '../../base/text.ts';
import { type NixOptions, runNix } from '../../nix-run/nix-process.ts';

/** How the build of a derivation ended. */
export type Built =
  | { readonly kind: 'built'; readonly seconds: number }
  | ({ readonly kind: 'failed' } & FailedBuild)
  /** Not begun: these derivations failed before. */
  | { readonly kind: 'needs'; readonly drvs: readonly string[] };

/** A build that failed, by itself or where another one needed it. */
export interface FailedBuild {
  /** How long it took; null where it was a part of another one. */
  readonly seconds: number | null;
  /** The log of the build, and where it has none what Nix said. */
  readonly log: string;
  /** The folder that Nix kept, with `--keep-failed`. */
  readonly kept: string | null;
}

/** How builds are run. */
export interface BuildContext {
  readonly jobs: number;
  readonly keepFailed: boolean;
  readonly nix: NixOptions;
  /** What has failed so far, by the store path of the derivation: grows. What needs one of them is not begun. */
  readonly failed: Map<string, FailedBuild>;
  readonly onProgress: (event: { readonly drv: string; readonly state: 'begun' | 'ended' }) => void;
}

/**
 * Builds derivations, several at a time and each after those of the others that it needs, and gives how each ended, by store path. Throws UserError E_NIX_MISSING.
 */
export async function buildDerivations(
  drvs: readonly string[],
  context: BuildContext,
): Promise<ReadonlyMap<string, Built>> {
  const all = sortedUnique(drvs);
  const limit = pLimit(context.jobs);
  const requisites = new Map<string, ReadonlySet<string>>();
  const look = async (drv: string): Promise<void> => {
    requisites.set(drv, await requisitesOf(drv, context.nix));
  };
  await Promise.all(all.map((drv) => limit(() => look(drv))));

  const begun = new Map<string, Promise<Built>>();
  function build(drv: string): Promise<Built> {
    const known = begun.get(drv);
    if (known !== undefined) return known;
    const needed = requisites.get(drv) ?? new Set<string>();
    const ended = buildAfter(drv, needed);
    begun.set(drv, ended);
    return ended;
  }
  async function buildAfter(drv: string, needed: ReadonlySet<string>): Promise<Built> {
    await Promise.all(all.filter((other) => other !== drv && needed.has(other)).map(build));
    return limit(() => buildOne(drv, needed, context));
  }
  return new Map(await Promise.all(all.map(async (drv) => [drv, await build(drv)] as const)));
}

/** The derivations that a derivation needs, itself included; nothing where Nix does not tell. */
async function requisitesOf(drv: string, nix: NixOptions): Promise<ReadonlySet<string>> {
  const { status, stdout } = await runNix('nix-store', ['--query', '--requisites', drv], nix);
  return new Set(status === 0 ? stdout.split('\n').filter((line) => line.endsWith('.drv')) : []);
}

async function buildOne(drv: string, needed: ReadonlySet<string>, context: BuildContext): Promise<Built> {
  const { failed, nix, keepFailed, onProgress } = context;
  const before = sortedUnique([...failed.keys()].filter((other) => other !== drv && needed.has(other)));
  if (before.length > 0) return { kind: 'needs', drvs: before };
  onProgress({ drv, state: 'begun' });
  const start = performance.now();
  const { status, stderr } = await runNix(
    'nix-store',
    ['--realise', ...(keepFailed ? ['--keep-failed'] : []), drv],
    nix,
  );
  const seconds = (performance.now() - start) / 1000;
  onProgress({ drv, state: 'ended' });
  if (status === 0) return { kind: 'built', seconds };

  const told = failedDerivations(stderr);
  const culprits = told.length === 0 || told.includes(drv) ? [drv] : told;
  for (const culprit of culprits) {
    const own = await logOf(culprit, nix);
    const log = own === null ? stderr : saysMore(stderr) ? `${own}\n${stderr}` : own;
    failed.set(culprit, { seconds: culprit === drv ? seconds : null, log, kept: keptFolder(stderr, culprit) });
  }
  const itself = failed.get(drv);
  return itself === undefined ? { kind: 'needs', drvs: culprits } : { kind: 'failed', ...itself };
}

/** What Nix itself says of a file whose digest is another stands in no log. */
function saysMore(stderr: string): boolean {
  return /hash mismatch|unable to download|timed out|output path .{1,400} hash/u.test(stderr);
}

/** The log that Nix keeps of a build; null: none. */
async function logOf(drv: string, nix: NixOptions): Promise<string | null> {
  const { status, stdout } = await runNix('nix-store', ['--read-log', drv], nix);
  return status === 0 && stdout.trim() !== '' ? stdout : null;
}

/**
 * The derivations whose own builder failed, as Nix says it:
 *
 *     builder for '/nix/store/….drv' failed with exit code 1        Nix 1 to 2.29, with typographic quotes at first
 *     Cannot build '/nix/store/….drv'. / Reason: builder failed …   later
 *     hash mismatch in fixed-output derivation '/nix/store/….drv'
 */
function failedDerivations(stderr: string): readonly string[] {
  const plain = stderr.matchAll(
    /(?:builder for|hash mismatch in fixed-output derivation|building of) ['‘]([^'’\n]{1,500}\.drv)['’]/gu,
  );
  const later = stderr.matchAll(/Cannot build '([^'\n]{1,500}\.drv)'\.\s{1,40}Reason: (?!\d{1,6} dependenc)/gu);
  return sortedUnique([...plain, ...later].map(([, drv = '']) => drv));
}

/** What Nix kept of a derivation. Its folder is named by it, up to Nix 2.29; later ones are all named alike, and say which is which only where there is one. */
function keptFolder(stderr: string, drv: string): string | null {
  const kept = [...stderr.matchAll(/keeping build directory ['‘]([^'’\n]{1,500})['’]/gu)].map(
    ([, folder = '']) => folder,
  );
  const name = drv.replace(/^.*\/[0-9a-z]{32}-/u, '');
  return kept.find((folder) => folder.includes(`nix-build-${name}-`)) ?? (kept.length === 1 ? (kept[0] ?? null) : null);
}
