import { alternate, type BenchContext, type Measurement, medianOf } from '../support/measurement.ts';
import { emptyNode, timed } from '../support/program.ts';

const ROUNDS = 11;
const TIMES = 2;

/** `--help` beside an empty run of Node: what loading the program costs. */
export async function measureHelp({ program, say }: BenchContext): Promise<Measurement> {
  say(`${ROUNDS} rounds of --help and node -e 0`);
  const runs = await alternate(ROUNDS, {
    measured: async () => (await timed([process.execPath, program, '--help'])).seconds,
    against: emptyNode,
  });
  const node = medianOf(runs.against);
  return {
    unit: 's',
    measured: medianOf(runs.measured),
    against: { what: 'node -e 0', figure: node },
    limit: { figure: TIMES * node, rule: `${TIMES} times` },
    details: runs,
  };
}
