import { PYTHON_SPACE } from './python-space.ts';
import { fail } from './scanner.ts';
import { versionEnd } from './version.ts';

const OPERATOR = new RegExp(`^([^\\w.*+${PYTHON_SPACE}]*)[${PYTHON_SPACE}]*`, 'u');
const KNOWN = ['===', '~=', '==', '!=', '<=', '>=', '<', '>'];

/**
 * Throws UserError E_INVALID_SPECIFIER (exit 65) for `written`, which is no specifier and stands in `text` from `start` on: says what is
 * wrong with it, with a caret under the place.
 */
export function failAtSpecifier(text: string, start: number, written: string): never {
  const hint = 'a specifier is an operator and a version, for example >=1.0, ==2.* or ~=1.4.2, joined by commas';
  const scanner = { text, code: 'E_INVALID_SPECIFIER', what: 'version specifier', hint, position: start };
  const { message, from, to } = faultOf(written);
  return fail(scanner, message, start + from, start + to);
}

interface Fault {
  readonly message: string;
  /** Places in the specifier. */
  readonly from: number;
  readonly to: number;
}

function faultOf(written: string): Fault {
  const [before = '', operator = ''] = OPERATOR.exec(written) ?? [];
  const isFamilyOperator = operator === '==' || operator === '!=';
  const version = written.slice(before.length);
  const end = before.length + versionEnd(version);
  const rest = written.slice(end);
  if (operator === '') return { message: 'expected an operator such as >= before the version', from: 0, to: 0 };
  if (!KNOWN.includes(operator)) {
    return { message: `there is no operator ${operator.slice(0, 10)}`, from: 0, to: operator.length };
  }
  if (operator === '===') return { message: '=== wants one word', from: 0, to: written.length };
  if (end === before.length) return { message: `expected a version after ${operator}`, from: 0, to: operator.length };
  if (rest === '.*') {
    const message = isFamilyOperator
      ? '".*" cannot follow a pre-release, post-release, development or local version'
      : '".*" goes with "==" and "!=" only';
    return { message, from: end, to: written.length };
  }
  if (rest !== '') {
    const message = isFamilyOperator
      ? 'expected a comma, the end, .* or a suffix such as rc1, .post1 or +local'
      : 'expected a comma, the end, or a suffix such as rc1 or .post1';
    return { message, from: end, to: end };
  }
  const plus = written.indexOf('+');
  if (plus >= 0) return { message: 'a local version goes with "==" and "!=" only', from: plus, to: written.length };
  return { message: `expected a version of two numbers or more after ${operator}`, from: 0, to: operator.length };
}
