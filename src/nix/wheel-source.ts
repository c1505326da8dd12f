import { compareText } from '../base/text.ts';
import type { TargetWheel } from '../classify/package-facts.ts';
import type { Dialect } from './dialect.ts';
import {
  apply,
  assign,
  type Binding,
  binary,
  type Expression,
  identifier,
  letIn,
  orElse,
  select,
  set,
  string,
} from './expression.ts';
import { printExpression } from './print.ts';
import type { Scope } from './scope.ts';

/** The parts of a wheel's file name that `fetchPypi` puts together again. */
export interface WheelTags {
  readonly stem: string;
  readonly python: string;
  readonly abi: string;
  readonly platform: string;
}

/** wheel file name = stem "-" version "-" python "-" abi "-" platform ".whl"; null for any other form, such as one with a build tag. */
export function wheelTags(filename: string, version: string): WheelTags | null {
  const parts = filename.replace(/\.whl$/u, '').split('-');
  const [stem = '', itsVersion = '', python = '', abi = '', platform = ''] = parts;
  const isPlain = /^[A-Za-z0-9._]+$/u.test(stem) && /^[A-Za-z0-9._+]+$/u.test(itsVersion);
  return parts.length === 5 && itsVersion === version && isPlain ? { stem, python, abi, platform } : null;
}

/** The wheel of a target, and what the fetcher is told of it alone. */
export interface WheelChoice {
  readonly wheel: TargetWheel;
  readonly arguments: readonly Binding[];
}

export interface WheelsOptions {
  readonly fetcher: Expression;
  /** What the fetcher is told for all wheels. */
  readonly common: readonly Binding[];
  /** Name and version, for the message where there is no wheel. */
  readonly label: string;
  readonly dialect: Dialect;
  readonly scope: Scope;
}

/**
 * A source by system, and by interpreter where several are served, as nixpkgs writes it for wheels that are compiled: `fetcher (common // wheels.${target} or
 * (throw ...))`, with the wheels in a `let`.
 */
export function wheelsExpression(choices: readonly WheelChoice[], options: WheelsOptions): Expression {
  const { dialect, scope } = options;
  const isOnePython = new Set(choices.map(({ wheel }) => wheel.python)).size === 1;
  const [first] = choices;
  const shared = first === undefined ? [] : first.arguments.filter((each) => isInAll(each, choices));
  const system = select(scope.helper('stdenv'), ...dialect.platform.slice(1), 'system');
  const keyOf = ({ python: version, system: name }: TargetWheel): string => (isOnePython ? name : `${version}-${name}`);
  const entries = choices
    .map(({ wheel, arguments: own }) => ({ key: keyOf(wheel), own: own.filter((each) => !isInAll(each, choices)) }))
    .sort((a, b) => compareText(a.key, b.key));
  const target = isOnePython ? system : string(select(scope.helper('python'), 'pythonVersion'), '-', system);
  const missing = apply(identifier('throw'), string(`${options.label} has no wheel for `, identifier('target')));
  const choice = orElse(select(identifier('wheels'), identifier('target')), missing);
  const common = [...options.common, ...shared];
  return letIn(
    [assign('wheels', set(entries.map(({ key, own }) => assign(key, set(own))))), assign('target', target)],
    apply(options.fetcher, common.length === 0 ? choice : binary('//', [set(common), choice])),
  );
}

/** Whether all wheels have the same argument. */
function isInAll(argument: Binding, choices: readonly WheelChoice[]): boolean {
  const text = textOf(argument);
  return choices.every((choice) => choice.arguments.some((each) => textOf(each) === text));
}

function textOf(argument: Binding): string {
  return printExpression(set([argument]));
}
