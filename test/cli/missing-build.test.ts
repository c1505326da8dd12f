import { describe, expect, it } from 'vitest';
import { missingBuild } from '../../src/cli/closure/missing-build.ts';
import { sdistFacts } from '../classify/support/facts.ts';

const LINUX = { python_version: '3.13', python_full_version: '3.13.0', sys_platform: 'linux' };

/** The reason, and the projects that the indexes were asked for. */
async function reasonOf(
  requires: readonly string[],
  { set = [], index = [] }: { readonly set?: readonly string[]; readonly index?: readonly string[] },
): Promise<{ readonly reason: string | null; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const facts = sdistFacts({
    pyproject: {
      requires: { kind: 'known', value: requires, place: { file: 'pyproject.toml' } },
      buildBackend: 'kettle_build',
      backendPath: [],
      project: null,
      dependencyGroups: {},
      toolGroups: {},
      tools: [],
    },
  });
  const reason = await missingBuild(facts, {
    targets: [LINUX],
    isSupplied: (project) => set.includes(project),
    isPublished: async (project) => {
      asked.push(project);
      return index.includes(project);
    },
  });
  return { reason, asked };
}

describe('an sdist that cannot be built', () => {
  it('asks for a project that is nowhere', async () => {
    expect((await reasonOf(['Kettle_Build>=1', 'lid'], { index: ['kettle-build'] })).reason).toBe(
      'no index has lid, which building it requires',
    );
  });

  it('is none where an index or the package set has what it asks for, and no index is asked for what the set has', async () => {
    expect(await reasonOf(['kettle-build', 'lid'], { set: ['lid'], index: ['kettle-build'] })).toEqual({
      reason: null,
      asked: ['kettle-build'],
    });
  });

  it('is none where it would ask on other targets only', async () => {
    expect((await reasonOf(['lid; sys_platform == "win32"'], {})).reason).toBeNull();
  });

  it('is none that says nothing of its build', async () => {
    const options = { targets: [LINUX], isSupplied: () => false, isPublished: async () => false };
    expect(await missingBuild(sdistFacts(), options)).toBeNull();
  });
});
