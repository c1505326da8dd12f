import type { PyprojectFacts } from '../../../src/metadata/release-facts.ts';

/** A pyproject.toml that says how a release is built, and no more. */
export function built({
  buildBackend = null,
  requires = [],
}: {
  readonly buildBackend?: string | null;
  readonly requires?: readonly string[];
}): PyprojectFacts {
  return {
    requires: { kind: 'known', value: requires, place: { file: 'pyproject.toml', line: 2 } },
    buildBackend,
    backendPath: [],
    project: null,
    dependencyGroups: {},
    toolGroups: {},
    tools: [],
  };
}
