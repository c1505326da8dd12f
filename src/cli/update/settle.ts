import type { Note } from '../../base/note.ts';
import { parseVersion } from '../../pep/version.ts';
import { MANIFEST_PATH, type Manifest } from '../../repository/manifest.ts';
import type { SeenRepository } from '../../repository/open-repository.ts';
import type { RepositoryUpdate } from '../../repository/package-update.ts';
import type { RepositoryPlan } from '../../repository/plan-repository.ts';
import { composeRepository } from '../repository/compose-repository.ts';
import { LOCK_PATH } from '../repository/repository-folder.ts';
import { lockOf } from '../repository/repository-lock-file.ts';
import type { UpdateCheck } from './check.ts';
import { withNewBounds, withoutBounds } from './latest.ts';
import { planUpdate, type UpdatePlan, type UpdatePlanRequest } from './plan.ts';

/** An update that can be shown, and written where its texts are there. */
export interface SettledUpdate {
  readonly update: RepositoryUpdate;
  /** Null where nobody wants to see or have the texts. */
  readonly plan: RepositoryPlan | null;
  /** As `UpdatePlan`. */
  readonly needs: UpdatePlan['needs'];
  readonly notes: readonly Note[];
}

export interface SettleOptions {
  readonly repository: SeenRepository;
  /** Manifest and lock file as they are on the disk. */
  readonly before: { readonly manifest: string; readonly lock: string };
  /** Whether the files are made. */
  readonly withTexts: boolean;
  /** Builds what is new; null: nobody asks for it. */
  readonly check: UpdateCheck | null;
}

/**
 * Plans an update and makes the files of it. What does not build stays at its old version, and the others are resolved again, until all builds.
 * Throws what resolving, generating and building throw.
 */
export async function settleUpdate(request: UpdatePlanRequest, options: SettleOptions): Promise<SettledUpdate> {
  const { repository, before, withTexts, check } = options;
  const { root, work, context } = request;
  for (let stays = request.stays; ; ) {
    const { plan: made, manifest } = await plannedWithBounds({ ...request, stays });
    if (!withTexts) return { update: made.update, plan: null, needs: made.needs, notes: made.notes };
    const lock = await lockOf(made.lock, context);
    const composed = await composeRepository({ root, manifest, lock, work, context });
    const plan = await repository.plan({
      ...composed.texts,
      own: new Map([
        [MANIFEST_PATH, { text: manifest.text, before: before.manifest }],
        [LOCK_PATH, { text: made.lock, before: before.lock }],
      ]),
    });
    const failures = check === null ? NO_FAILURES : await check.failures(plan.changes, built(made));
    if (failures.size === 0) {
      const notes = [...made.notes, ...composed.notes, ...(check?.notes ?? [])];
      return { update: made.update, plan, needs: made.needs, notes };
    }
    stays = new Map([...stays, ...failures]);
  }
}

const NO_FAILURES: ReadonlyMap<string, string> = new Map();

function built({ update, needs, addressed }: UpdatePlan): Parameters<UpdateCheck['failures']>[1] {
  const moved = update.packages.filter(({ current, next }) => current !== next);
  return {
    needs,
    addressed,
    moved: new Map(moved.map(({ name, next }) => [name, next])),
    added: new Set(update.added.map(({ name }) => name)),
  };
}

/** With the target `latest` the bounds of the manifest give way to the newest versions that fit together. */
async function plannedWithBounds(
  request: UpdatePlanRequest,
): Promise<{ readonly plan: UpdatePlan; readonly manifest: Manifest }> {
  const { manifest, selected, target, stays } = request;
  const free = new Set([...selected].filter((name) => !stays.has(name)));
  const lifted = target === 'latest' ? withoutBounds(manifest, free) : manifest;
  const plan = await planUpdate({ ...request, manifest: lifted });
  if (lifted === manifest) return { plan, manifest };
  const chosen = new Map(plan.update.packages.map(({ name, next }) => [name, parseVersion(next)]));
  const moving = new Set([...free].filter((name) => !plan.stays.has(name)));
  const bounded = withNewBounds(manifest, moving, chosen);
  return { plan: await planUpdate({ ...request, stays: plan.stays, manifest: bounded }), manifest: bounded };
}
