import { UserError } from '../base/user-error.ts';
import { needGraph } from './need-graph.ts';
import { type Need, needSentence } from './needs.ts';

/**
 * The cycles of what is required to build and to run, each as E_CYCLE with every requirement line of it. A cycle is told from a package of `direct` on, if it has one, and
 * the hints together name enough rules to break all of them: each takes the last requirement of run time out, since Python imports in circles and Nix
 * does not build in circles.
 */
export function requiredCycles(
  needs: readonly Need[],
  { direct, generated }: { readonly direct: ReadonlySet<string>; readonly generated: ReadonlySet<string> },
): readonly UserError[] {
  const errors: UserError[] = [];
  let left = needs;
  for (;;) {
    const graph = needGraph(left);
    const [members] = graph.cycles();
    if (members === undefined) return errors;
    // A cycle among packages of the set alone is none: what they need to be tested there is known by name only.
    const start = members.find((name) => direct.has(name)) ?? members.find((name) => generated.has(name));
    const cycle = start === undefined ? null : graph.wayBetween(start, start);
    if (start === undefined || cycle === null) {
      left = left.filter(({ from, to }) => !(members.includes(from) && members.includes(to)));
      continue;
    }
    const breaks = needToBreak(cycle);
    errors.push(cycleError(cycle, breaks));
    left = left.filter(({ from, to }) => from !== breaks.from || to !== breaks.to);
  }
}

function needToBreak(cycle: readonly Need[]): Need {
  const [first] = cycle;
  const need =
    cycle.findLast(({ list }) => list === 'dependencies') ?? cycle.findLast(({ list }) => list !== null) ?? first;
  if (need === undefined) throw new Error('a cycle without requirements');
  return need;
}

function cycleError(cycle: readonly Need[], breaks: Need): UserError {
  const chain = cycle.map(needSentence).join(', ');
  const removal =
    breaks.list === 'dependencies'
      ? `dependencies.remove = ["${breaks.to}"] and pythonRemoveDeps.add = ["${breaks.to}"]`
      : `${breaks.list}.remove = ["${breaks.to}"]`;
  const supplied = cycle.find(({ list }) => list === null)?.from;
  const built = cycle.findLast(({ list }) => list === 'build-system')?.from;
  const ways = [
    `remove one of these requirements by an override, for example in ${breaks.from}.toml: ${removal}`,
    ...(supplied === undefined
      ? []
      : [`generate ${supplied} too, by naming it as a requirement: its tests are then left out where they lead back`]),
    ...(built === undefined ? [] : [`take the wheel of ${built}, which is not built: --format ${built}:wheel`]),
  ];
  return new UserError('E_CYCLE', `packages need each other, which Nix cannot build: ${chain}`, {
    hint: ways.join(', or '),
    cycle: turnedTo(cycle, breaks).map(({ from }) => from),
  });
}

/** The same way round, from one of its needs on. */
function turnedTo(cycle: readonly Need[], first: Need): readonly Need[] {
  const at = cycle.indexOf(first);
  return [...cycle.slice(at), ...cycle.slice(0, at)];
}
