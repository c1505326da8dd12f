import type { InputListName, PackageFacts } from '../../../src/classify/package-facts.ts';
import type { SdistFacts } from '../../../src/metadata/release-facts.ts';
import { sdistFacts, setupScript } from '../../classify/support/facts.ts';
import { packageFacts } from '../../classify/support/package.ts';

/** A package that has these inputs and no others. */
export function emptyFacts(
  inputs: Partial<Record<InputListName, PackageFacts['inputs'][InputListName]>>,
): PackageFacts {
  const { inputs: none } = packageFacts();
  return packageFacts({ inputs: { ...none, ...inputs } });
}

/** An sdist that says only what it is built with; without `requires` it has no pyproject.toml. */
export function emptySdist(build: {
  readonly requires: readonly string[] | null;
  readonly backend: string | null;
  readonly setupRequires?: readonly string[];
}): SdistFacts {
  const { requires, backend, setupRequires } = build;
  const pyproject: SdistFacts['pyproject'] =
    requires === null
      ? null
      : {
          requires: { kind: 'known', value: requires, place: { file: 'pyproject.toml' } },
          buildBackend: backend,
          backendPath: [],
          project: null,
          dependencyGroups: {},
          toolGroups: {},
          tools: [],
        };
  if (setupRequires === undefined) return sdistFacts({ pyproject });
  const reading = { kind: 'known', value: setupRequires, place: { file: 'setup.py', line: 3 } } as const;
  return sdistFacts({ pyproject, setupScript: setupScript({ setupRequires: reading }) });
}
