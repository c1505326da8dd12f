import { dialectFor } from '../../../src/nix/dialect.ts';
import { type EnvironmentForm, type EnvironmentRequest, formsOf } from '../../../src/nix/environment-request.ts';
import { environmentFile } from '../../../src/nix/environment-text.ts';
import { packageFacts, python, toPrint } from './facts.ts';

/** A package that needs another one, both generated. */
export const KETTLE = [
  toPrint(
    packageFacts({
      name: 'made-up-kettle',
      inputs: { 'build-system': [python('setuptools')], dependencies: [python('made-up-lid')] },
      meta: { description: 'Boils water', licences: [{ spdx: 'MIT' }] },
    }),
  ),
  toPrint(
    packageFacts({
      name: 'made-up-lid',
      inputs: { 'build-system': [python('setuptools')], dependencies: [python('six')] },
      meta: { description: 'A lid', licences: [{ spdx: 'MIT' }] },
    }),
  ),
];

/** An environment of `KETTLE` and six, which the package set has. */
export function kettleRequest(
  form: EnvironmentForm,
  release: string,
  changes: Partial<EnvironmentRequest> = {},
): EnvironmentRequest {
  const dialect = dialectFor(release);
  const isSingle = form === 'single';
  return {
    form,
    dialect,
    release,
    interpreter: dialect.packageSet === 'set' ? 'python35' : 'python3',
    packages: { kind: 'generated', packages: isSingle ? KETTLE.slice(1) : KETTLE },
    attributes: isSingle ? ['made-up-lid'] : ['made-up-kettle'],
    extras: [],
    with: isSingle ? [] : ['six'],
    name: 'kitchen',
    platforms: ['x86_64-linux', 'aarch64-linux'],
    pure: false,
    run: null,
    header: {
      program: 'pypi2nix 0.1.0',
      command: `pypi2nix env --form ${form}`,
      namesFrom: 'the builtin list',
      notChecked: [],
    },
    beside: { file: 'shell.nix', command: 'pypi2nix env made-up-kettle --with six' },
    ...changes,
  };
}

export const RELEASES = ['16.03', '18.03', '24.05', '26.05'] as const;

/** Each form that a release has, with the name of its golden file. */
export function formsAndFiles(release: string): readonly (readonly [form: EnvironmentForm, file: string])[] {
  return formsOf(dialectFor(release)).map((form) => [form, `${form}.${form === 'shebang' ? 'txt' : 'nix'}`]);
}

export function textOf(form: EnvironmentForm, release: string, changes: Partial<EnvironmentRequest> = {}): string {
  return environmentFile(kettleRequest(form, release, changes)).text;
}
