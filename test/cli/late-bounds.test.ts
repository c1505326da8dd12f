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
