import { shellQuote } from '../base/shell-quote.ts';
import type { EnvironmentForm, EnvironmentRequest } from './environment-request.ts';
import { interpreterAttribute } from './single-file.ts';

/** The name under which the text of a form is saved. A repository has a `shell.nix` of its own. */
function fileOfForm(
  form: EnvironmentForm,
  { dialect, packages }: Pick<EnvironmentRequest, 'dialect' | 'packages'>,
): string {
  switch (form) {
    case 'shell':
    case 'inline':
      return packages.kind === 'repository' ? 'environment.nix' : SHELL;
    case 'single':
      return 'package.nix';
    case 'with-packages':
    case 'build-env':
    case 'my-env-fun':
    case 'profile':
      return 'environment.nix';
    case 'nixos':
    case 'extra-dependencies':
      return 'python-environment.nix';
    case 'config-nix':
      return dialect.release < FIRST_XDG ? '~/.nixpkgs/config.nix' : '~/.config/nixpkgs/config.nix';
    case 'shebang':
      return 'script.py';
    case 'flake':
      return 'flake.nix';
  }
}

/** What `nix-shell` takes without being told. */
const SHELL = 'shell.nix';

/** From this release on the configuration of a user lies below `~/.config`. */
const FIRST_XDG = '17.03';

/** The commands that use a form, as a user types them in the folder of its file; with what `run` and `pure` ask for. */
export function usageCommands(request: EnvironmentRequest): readonly string[] {
  const { form, name, dialect } = request;
  const file = fileOfForm(form, request);
  switch (form) {
    case 'shell':
    case 'inline':
      return [nixShell(request, file === SHELL ? [] : [file])];
    case 'single':
      return [nixShell(request, [file]), `nix-build ${file}`];
    case 'with-packages':
    case 'build-env':
      return [`nix-build ${file} && ./result/bin/${commandOf(request)}`, nixShell(request, [file, '-A', 'env'])];
    case 'my-env-fun':
      return [`nix-env -i -f ${file}`, `load-env-${name}`];
    case 'profile':
      return [`nix-env -i -f ${file}`];
    case 'config-nix':
      return [`nix-env -f '<nixpkgs>' -iA ${name}Env`, ...(dialect.environments.myEnvFun ? [`load-env-${name}`] : [])];
    case 'nixos':
    case 'extra-dependencies':
      return [`imports = [ ./${file} ];`];
    case 'shebang':
      return [`nix-shell ${file}`];
    case 'flake':
      return [nixDevelop(request), `nix build && ./result/bin/${commandOf(request)}`];
  }
}

/** Lines of comment that say how a file is used. */
export function usageLines(request: EnvironmentRequest): readonly string[] {
  const { form, packages, dialect, release, header } = request;
  const file = fileOfForm(form, request);
  const of = `nixpkgs ${release ?? `${header.since ?? dialect.release} and later`}`;
  const place = packages.kind === 'repository' && isInFolder(form) ? ' in the folder of the repository' : '';
  const commands = usageCommands(request).map((command) => `  ${command}`);
  switch (form) {
    case 'config-nix':
      return [`This is the whole of ${file} (${of}):`, ...commands];
    case 'nixos':
      return [`Save it as ${file}, and name it in /etc/nixos/configuration.nix (${of}):`, ...commands];
    case 'extra-dependencies':
      return [
        `Keeps them from garbage collection. Save it as ${file}, and name it in /etc/nixos/configuration.nix (${of}):`,
        ...commands,
      ];
    default:
      return [`Save it as ${file}${place} (${of}):`, ...commands];
  }
}

function isInFolder(form: EnvironmentForm): boolean {
  return form !== 'config-nix' && form !== 'nixos' && form !== 'extra-dependencies';
}

/** What the interpreter is called on PATH. */
export function commandOf({ interpreter }: Pick<EnvironmentRequest, 'interpreter'>): string {
  if (interpreter.startsWith('pypy')) return /^pypy3/u.test(interpreter) ? 'pypy3' : 'pypy';
  return interpreter === interpreterAttribute('2.7') ? 'python2.7' : 'python3';
}

function nixShell({ run, pure }: EnvironmentRequest, words: readonly string[]): string {
  return ['nix-shell', ...words, ...(pure ? ['--pure'] : []), ...(run === null ? [] : ['--run', shellQuote(run)])].join(
    ' ',
  );
}

function nixDevelop({ run, pure }: EnvironmentRequest): string {
  return [
    'nix develop',
    ...(pure ? ['--ignore-environment'] : []),
    ...(run === null ? [] : ['--command', 'bash', '-c', shellQuote(run)]),
  ].join(' ');
}
