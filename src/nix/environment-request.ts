import { joinWords } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { type Dialect, dialectFor, RELEASES } from './dialect.ts';
import type { AskedExtra } from './environment-members.ts';
import type { PackageToPrint } from './package-names.ts';
import type { PackageCall } from './repository-files.ts';
import type { FileHeader } from './single-file.ts';

/** The ways in which an environment is written down. */
export const ENVIRONMENT_FORMS = [
  'shell',
  'with-packages',
  'build-env',
  'my-env-fun',
  'inline',
  'single',
  'config-nix',
  'nixos',
  'profile',
  'shebang',
  'flake',
  'extra-dependencies',
] as const;
export type EnvironmentForm = (typeof ENVIRONMENT_FORMS)[number];

/** What an environment is to be, and for which nixpkgs. */
export interface EnvironmentRequest {
  readonly form: EnvironmentForm;
  readonly dialect: Dialect;
  /** The release that was asked for; null: the form serves several. */
  readonly release: string | null;
  /** `python3` or `python35`. */
  readonly interpreter: string;
  readonly packages: EnvironmentPackages;
  /** Attributes of `packages` that are in it, sorted. */
  readonly attributes: readonly string[];
  /** Extras of these that are in it too. */
  readonly extras: readonly AskedExtra[];
  /** Attributes of the package set that are in it too, sorted. */
  readonly with: readonly string[];
  /** What forms call it that give it a name. */
  readonly name: string;
  /** The systems of a flake, `x86_64-linux` and its like. */
  readonly platforms: readonly string[];
  /** Nothing of the surroundings is seen in a shell. */
  readonly pure: boolean;
  /** What a shell is opened for, for a POSIX shell, on one line; null: to work in it. */
  readonly run: string | null;
  readonly header: Omit<FileHeader, 'release' | 'python' | 'use'>;
  /** For a script whose packages do not fit into a line: the file beside it, and the command that writes it; null: it is there. */
  readonly beside: { readonly file: string; readonly command: string | null };
}

/** Where the packages of an environment come from that are not those of nixpkgs. */
export type EnvironmentPackages =
  /** They stand in the file itself; none: all are those of nixpkgs. */
  | { readonly kind: 'generated'; readonly packages: readonly PackageToPrint[] }
  /** The file uses a repository, in whose folder it lies unless the form belongs elsewhere. */
  | { readonly kind: 'repository'; readonly folder: string; readonly calls: readonly PackageCall[] };

/** Forms that open a shell, or whose file does: `--run` and `--pure` mean something. */
export const SHELL_FORMS: ReadonlySet<EnvironmentForm> = new Set([
  'shell',
  'with-packages',
  'build-env',
  'inline',
  'single',
  'shebang',
  'flake',
]);

/** Forms whose file does not lie in the folder of a repository. */
export const FORMS_ELSEWHERE: ReadonlySet<EnvironmentForm> = new Set(['config-nix', 'nixos', 'extra-dependencies']);

/** The forms that a release has, in order. */
export function formsOf({ environments }: Pick<Dialect, 'environments'>): readonly EnvironmentForm[] {
  return ENVIRONMENT_FORMS.filter((form) => {
    if (form === 'with-packages') return environments.withPackages;
    return form !== 'my-env-fun' || environments.myEnvFun;
  });
}

/** Throws UserError E_NO_SUCH_FORM (exit 2) for a form that the release does not have. */
export function checkForm(form: EnvironmentForm, dialect: Dialect): void {
  const forms = formsOf(dialect);
  if (forms.includes(form)) return;
  const having = RELEASES.filter((release) => formsOf(dialectFor(release)).includes(form));
  const span = `${having[0]} to ${having.at(-1)}`;
  throw new UserError('E_NO_SUCH_FORM', `nixpkgs ${dialect.release} has no form ${form}, which is of ${span}`, {
    exit: EXIT.usage,
    hint: `its forms are ${joinWords(forms)}`,
  });
}

/** An environment that a form cannot hold. */
export function formDoesNotFit(form: EnvironmentForm, why: string, hint: string): UserError {
  return new UserError('E_FORM_DOES_NOT_FIT', `the form ${form} ${why}`, { exit: EXIT.usage, hint });
}
