import { oneOf, PLATFORM_VALUES, type PlatformVariable } from './condition.ts';
import type { Machine } from './machine.ts';
import { bool, choose, conditionValue, num, str, type Value } from './value.ts';

/** The value of a name that a library has, where it says something about the interpreter or platform; else null. */
export function nativeConstant(machine: Machine, path: string): Value | null {
  const object = machine.libraryObjects.get(path);
  if (object !== undefined) return object;
  switch (path) {
    case 'sys.version_info':
      return { kind: 'version', form: 'tuple', length: 5 };
    case 'sys.version':
      return { kind: 'version', form: 'text', length: 5 };
    case 'sys.hexversion':
      return { kind: 'version', form: 'hex', length: 3 };
    case 'sys.platform':
      return platformValue('sys_platform');
    case 'os.name':
      return platformValue('os_name');
    case 'sys.implementation.name':
      return platformValue('implementation_name');
    case 'sys.maxsize':
      return num(2 ** 63 - 1);
    case 'os.sep':
    case 'os.path.sep':
      return str('/');
    case 'os.linesep':
      return str('\n');
    case 'os.curdir':
      return str('.');
    case 'os.pardir':
      return str('..');
    case 'six.PY2':
      return pythonMajor('<');
    case 'six.PY3':
      return pythonMajor('>=');
    case 're.I':
    case 're.IGNORECASE':
      return num(2);
    case 're.M':
    case 're.MULTILINE':
      return num(8);
    case 're.S':
    case 're.DOTALL':
      return num(16);
    case 're.X':
    case 're.VERBOSE':
      return num(64);
    case 'typing.TYPE_CHECKING':
      return bool(false);
    // The versions of build tools are those that a package set of today has.
    case 'setuptools.__version__':
      return str('80.9.0');
    case 'sys.builtin_module_names':
      return { kind: 'tuple', items: [{ value: str('__pypy__'), when: ON_PYPY }] };
    default:
      return null;
  }
}

const ON_PYPY = oneOf('platform_python_implementation', ['PyPy']);

/** One value by platform variable, so that every operation on it gives one answer for each platform. */
export function platformValue(variable: PlatformVariable, text: (value: string) => string = (value) => value): Value {
  return choose(
    PLATFORM_VALUES[variable].map((value) => ({ when: oneOf(variable, [value]), value: str(text(value)) })),
  );
}

/** True on PyPy only: `hasattr(sys, 'pypy_version_info')`. */
export function onPyPy(): Value {
  return conditionValue(ON_PYPY);
}

function pythonMajor(operator: '<' | '>='): Value {
  return conditionValue({ kind: 'version', operator, bound: [3] });
}

/** `distutils.util.get_platform()`: `linux-x86_64`, `macosx-11.0-arm64`, `win-amd64`. */
export function buildPlatform(): Value {
  const names: Readonly<Record<string, string>> = { darwin: 'macosx-11.0-arm64', win32: 'win-amd64' };
  return platformValue('sys_platform', (value) => names[value] ?? `${value.replace('linux2', 'linux')}-x86_64`);
}

/** `str(sys.version_info[0])`. */
export function majorText(): Value {
  return choose([
    { when: { kind: 'version', operator: '<', bound: [3] }, value: str('2') },
    { when: { kind: 'version', operator: '>=', bound: [3] }, value: str('3') },
  ]);
}
