import { shellOf } from './environment-packages.ts';
import type { EnvironmentRequest } from './environment-request.ts';
import {
  apply,
  assign,
  type Expression,
  identifier,
  inherit,
  inlineSet,
  lambda,
  letIn,
  list,
  select,
  set,
  string,
} from './expression.ts';

/** The first release that is a flake itself. */
const FIRST_FLAKE = '20.03';

/** As all that is bound around packages of a set without overlays: no name of a package, which it would hide. */
const SYSTEMS = 'supportedSystems';

/** A flake with an environment (an expression where `pkgs` is bound) as its package and in its shell, for each system. */
export function environmentFlake(request: EnvironmentRequest, environment: Expression): Expression {
  const { release, platforms, attributes, with: others } = request;
  const isNewest = release === null || release === 'unstable';
  const address = string(`github:NixOS/nixpkgs/${isNewest ? 'nixos-unstable' : `nixos-${release}`}`);
  const isFlake = isNewest || release >= FIRST_FLAKE;
  const pkgs = identifier('pkgs');
  const system = identifier('system');
  const imported = apply(identifier('import'), identifier('nixpkgs'), inlineSet([inherit(null, ['system'])]));
  const pair = set([assign('name', system), assign('value', apply(identifier('make'), imported))]);
  const outputFor = lambda('make', lambda('system', pair));
  const all = apply(identifier('map'), apply(identifier('outputFor'), identifier('make')), identifier(SYSTEMS));
  const forEach = lambda('make', apply(select(identifier('builtins'), 'listToAttrs'), all));
  const made = apply(identifier('environmentFor'), pkgs);
  const each = (value: Expression): Expression =>
    apply(identifier('forEach'), lambda('pkgs', set([assign('default', value)])));
  const outputs = letIn(
    [
      assign(SYSTEMS, list(platforms.map((platform) => string(platform)))),
      assign('outputFor', outputFor),
      assign('forEach', forEach),
      assign('environmentFor', lambda('pkgs', environment), { spaced: true }),
    ],
    set([assign('packages', each(made)), assign('devShells', each(shellOf(made, request)), { spaced: true })]),
  );
  return set([
    assign('description', string(`Python with ${[...attributes, ...others].join(', ')}`)),
    ...(isFlake
      ? [assign(['inputs', 'nixpkgs', 'url'], address, { spaced: true })]
      : [
          assign(['inputs', 'nixpkgs'], set([assign('url', address), assign('flake', identifier('false'))]), {
            spaced: true,
          }),
        ]),
    assign('outputs', lambda([{ name: 'self' }, { name: 'nixpkgs' }], outputs, { spaced: false }), { spaced: true }),
  ]);
}
