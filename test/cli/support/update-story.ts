import type { MadeUpFile } from '../../support/made-up-index.ts';
import { type ReleaseParts, sdist } from './kitchen.ts';
import type { CommandBench } from './run-command.ts';

/** Days on which the releases of the story came out. */
const OLD_DAY = '2025-01-10T08:00:00Z';
const NEW_DAY = '2025-06-20T08:00:00Z';

async function release(name: string, version: string, day: string, parts: ReleaseParts = {}): Promise<MadeUpFile> {
  return { ...(await sdist(name, version, parts)), uploadTime: day };
}

/** The world of the stories before anybody released something new. */
export async function serveOldDays({ index }: CommandBench): Promise<void> {
  index.project('six', [await release('six', '1.0', OLD_DAY)]);
  index.project('made-up-saucer', [await release('made-up-saucer', '1.0', OLD_DAY)]);
  index.project('made-up-lid', [await release('made-up-lid', '1.0', OLD_DAY)]);
  index.project('made-up-kettle', [await release('made-up-kettle', '1.0', OLD_DAY, OLD_KETTLE)]);
  index.project('made-up-tray', [await release('made-up-tray', '1.0', OLD_DAY, OLD_TRAY)]);
}

/**
 * The same world later: a kettle that needs a spout and a newer Python, a saucer that the tray is not ready for, and lids of all sizes of steps.
 */
export async function serveNewDays(bench: CommandBench): Promise<void> {
  const { index } = bench;
  index.project('made-up-spout', [await release('made-up-spout', '0.1', NEW_DAY)]);
  index.project('made-up-saucer', [
    await release('made-up-saucer', '1.0', OLD_DAY),
    await release('made-up-saucer', '2.0', NEW_DAY),
  ]);
  index.project('made-up-lid', [
    await release('made-up-lid', '1.0', OLD_DAY),
    await release('made-up-lid', '1.0.1', '2025-02-01T08:00:00Z'),
    await release('made-up-lid', '1.1', '2025-03-01T08:00:00Z'),
    await release('made-up-lid', '2.0', NEW_DAY),
    await release('made-up-lid', '3.0rc1', NEW_DAY),
  ]);
  index.project('made-up-kettle', [
    await release('made-up-kettle', '1.0', OLD_DAY, OLD_KETTLE),
    await release('made-up-kettle', '1.1', NEW_DAY, {
      files: {
        'pyproject.toml': '[build-system]\nrequires = ["flit-core"]\nbuild-backend = "flit_core.buildapi"\n',
        'PKG-INFO': newKettle('made-up-kettle', '1.1'),
      },
    }),
  ]);
  index.project('made-up-tray', [
    await release('made-up-tray', '1.0', OLD_DAY, OLD_TRAY),
    await release('made-up-tray', '1.2', NEW_DAY, { metadata: ['Requires-Dist: made-up-saucer<2'] }),
  ]);
}

/** The core metadata of the new kettle, which has another licence too. */
function newKettle(name: string, version: string): string {
  return [
    'Metadata-Version: 2.2',
    `Name: ${name}`,
    `Version: ${version}`,
    'License-Expression: BSD-3-Clause',
    'Requires-Python: >=3.10',
    'Requires-Dist: made-up-saucer>=1.0',
    'Requires-Dist: made-up-spout',
    'Provides-Extra: warm',
    'Requires-Dist: made-up-lid; extra == "warm"',
    '',
  ].join('\n');
}

const OLD_KETTLE: ReleaseParts = {
  metadata: [
    'Requires-Python: >=3.8',
    'Requires-Dist: made-up-saucer',
    'Requires-Dist: six',
    'Provides-Extra: warm',
    'Requires-Dist: made-up-lid; extra == "warm"',
  ],
};

const OLD_TRAY: ReleaseParts = { metadata: ['Requires-Dist: made-up-saucer<2'] };

/** What the index knows of the safety of a release. */
export function serveVulnerabilities(
  { server }: CommandBench,
  name: string,
  version: string,
  vulnerabilities: readonly {
    readonly id: string;
    readonly aliases?: readonly string[];
    readonly summary?: string | null;
  }[],
): void {
  const body = JSON.stringify({ info: { version }, vulnerabilities });
  server.on(`/pypi/${name}/${version}/json`, { headers: { 'content-type': 'application/json' }, body });
}
