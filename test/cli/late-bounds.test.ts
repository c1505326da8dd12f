import { describe, expect, it } from 'vitest';
import { askOfTool, boundsOfTools, noLateBounds } from '../../src/cli/closure/late-bounds.ts';
import { formatRequirement, parseRequirement } from '../../src/pep/requirement.ts';
import { parseVersion } from '../../src/pep/version.ts';
import { messagesOf, serveProjects } from './support/made-projects.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

describe('bounds of build tools', () => {
  const boundsAfter = (...asked: readonly (readonly [requirement: string, decided: string | null])[]): string[] => {
    const late = noLateBounds();
    for (const [requirement, decided] of asked)
      askOfTool(parseRequirement(requirement), decided === null ? null : parseVersion(decided), late);
    return boundsOfTools(late).map(formatRequirement);
  };

  it.each<[string, readonly (readonly [string, string | null])[], readonly string[]]>([
    [
      'that the decided version meets are not held',
      [
        ['forge>=1', null],
        ['forge<4', '3.9'],
      ],
      [],
    ],
    [
      'are held all together when one came too late',
      [
        ['forge>=1', null],
        ['forge<4', '4.2'],
      ],
      ['forge<4', 'forge>=1'],
    ],
    [
      'are not held where no version can meet all',
      [
        ['forge>=4', null],
        ['forge<4', '4.2'],
      ],
      [],
    ],
    ['that hold on some targets only are not held', [['forge<4; python_version < "3.9"', '4.2']], []],
  ])('%s', (_, asked, held) => {
    expect(boundsAfter(...asked)).toEqual(held);
  });
});

const FORGES = { versions: { '3.9': { build: [] }, '4.2': { build: [] } } };

it('a bound of a build tool that comes up late still decides its version', async () => {
  await serveProjects(bench(), {
    tea: { build: ['made-up-forge', 'made-up-kiln'] },
    'made-up-kiln': { build: ['made-up-forge<4'] },
    'made-up-forge': FORGES,
  });
  const outcome = await bench().run(['tea', '--deps', 'all']);
  expect(outcome.code).toBe(0);
  expect(outcome.stdout).toContain('pname = "made-up-forge";\n      version = "3.9";');
  expect(messagesOf(outcome)).toEqual([]);
});

it('a late bound is given up with a warning where another package excludes it', async () => {
  await serveProjects(bench(), {
    tea: { build: ['made-up-forge>=4', 'made-up-kiln'] },
    'made-up-kiln': { build: ['made-up-forge<4'] },
    'made-up-forge': FORGES,
  });
  const outcome = await bench().run(['tea', '--deps', 'all']);
  expect(outcome.stdout).toContain('pname = "made-up-forge";\n      version = "4.2";');
  expect(messagesOf(outcome)).toEqual([
    'warning: made-up-kiln: to be built it asks for made-up-forge<4, and 4.2 is used',
  ]);
});

const FLITS = { versions: { '3.12': { build: [] }, '4.2': { build: [] } } };
const ASKS_FOR_4 = ['warning: tea: to be built it asks for flit-core>=4, and 3.12 is used'];

it.each<[string, Parameters<typeof serveProjects>[1]]>([
  ['beside it', { 'made-up-kiln': { build: ['flit-core'], isOldFlit: true } }],
  ['late', { 'made-up-kiln': { build: ['made-up-clay'] }, 'made-up-clay': { build: ['flit-core'], isOldFlit: true } }],
])(
  'the bound that an old form of pyproject.toml proves is kept where a lower bound excludes it %s',
  async (_, kiln) => {
    await serveProjects(bench(), {
      tea: { requires: ['made-up-cup'], build: ['flit-core>=4', 'made-up-kiln'] },
      'made-up-cup': { requires: ['made-up-kiln'], build: [] },
      'flit-core': FLITS,
      ...kiln,
    });
    const outcome = await bench().run(['tea', '--deps', 'all', '--bootstrap']);
    expect(outcome.stdout).toContain('pname = "flit-core";\n      version = "3.12";');
    expect(messagesOf(outcome)).toEqual(ASKS_FOR_4);
  },
);

it('the bound that an old form of pyproject.toml proves is given up where no index has such a version', async () => {
  await serveProjects(bench(), {
    tea: { build: ['flit-core'], isOldFlit: true },
    'flit-core': { versions: { '4.2': { build: [] } } },
  });
  const outcome = await bench().run(['tea', '--deps', 'all', '--bootstrap']);
  expect(messagesOf(outcome)).toEqual(['warning: tea: to be built it asks for flit-core<4, and 4.2 is used']);
});

it('bounds that come up late for every version of a tool end with an error that names it', async () => {
  const numbers = Array.from({ length: 40 }, (_, at) => at + 1);
  await serveProjects(bench(), {
    tea: { build: ['made-up-forge'] },
    'made-up-forge': {
      versions: Object.fromEntries(numbers.map((at) => [`${at}.0`, { build: [`made-up-kiln-${at}`] }])),
    },
    ...Object.fromEntries(numbers.map((at) => [`made-up-kiln-${at}`, { build: [`made-up-forge<${at}`] }])),
  });
  const outcome = await bench().run(['tea', '--deps', 'all']);
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toContain('each version of made-up-forge that was tried is excluded');
  expect(outcome.stderr).toContain('[E_BUILD_BOUNDS]');
  expect(outcome.stderr).toContain('hint: name the version to take in a constraints file (-c)');
}, 60_000);
