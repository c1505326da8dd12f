import { throwAll } from '../base/user-error.ts';
import { checkDirect } from './direct.ts';
import { derivationTree } from './failure.ts';
import type { Provider } from './provider.ts';
import type { ResolveOutcome, ResolveRequest } from './request.ts';
import { resolutionOf } from './resolution.ts';
import { resolutionNotes } from './resolution-notes.ts';
import { solve } from './solve.ts';
import { createSpeculation } from './speculation.ts';
import { createWorld } from './world.ts';

/**
 * Chooses one version of each project that the request leads to, so that every requirement on every target is met: the
 * newest versions, in doubt for what the user names first (docs/resolver.md). The outcome depends on the request and on
 * the answers of the provider, not on the order in which they come.
 *
 * A request that cannot be met because its parts exclude each other is an outcome. Throws UserError (all of them together)
 * for requirements of the user that no index can meet by themselves, E_NO_SUCH_PROJECT and E_NO_MATCHING_VERSION, and
 * E_RESOLUTION_BUDGET, E_CONFLICTING_URLS, and whatever the provider throws.
 */
export async function resolve(request: ResolveRequest, provider: Provider): Promise<ResolveOutcome> {
  if (request.targets.length === 0) throw new Error('a request needs at least one target');
  const world = createWorld(request, provider);
  const speculation = createSpeculation(world, provider);
  try {
    for (const { name, specifier } of world.requirements) speculation.expect(name, world.rangeOf(specifier));
    throwAll(await checkDirect(world));
    const solution = await solve(world, speculation);
    if (solution.kind === 'unsolvable') return { kind: 'failed', failure: await derivationTree(solution.proof, world) };
    const resolution = await resolutionOf(solution.decisions, world);
    return { kind: 'resolved', resolution, notes: await resolutionNotes(resolution, world) };
  } finally {
    speculation.stop();
  }
}
