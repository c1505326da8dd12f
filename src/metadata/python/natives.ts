import type { CallArguments, NativeFunction } from './call-arguments.ts';
import { unknownIn } from './condition.ts';
import { normalPath } from './file-paths.ts';
import { type Machine, newList, newTable, Raised } from './machine.ts';
import { COLLECTION_FUNCTIONS } from './native-collections.ts';
import { CONFIG_FUNCTIONS } from './native-config.ts';
import { buildPlatform, majorText, platformValue } from './native-constants.ts';
import { DATA_FUNCTIONS } from './native-data.ts';
import { FILE_FUNCTIONS, onText, readKept } from './native-files.ts';
import { MODULE_FUNCTIONS } from './native-modules.ts';
import { REGEX_FUNCTIONS } from './native-regex.ts';
import { iterate, linesOf } from './operators.ts';
import { isStandardModule } from './stdlib-modules.ts';
import {
  conditionValue,
  type Item,
  itemsFrom,
  keyOf,
  lift,
  NONE,
  num,
  str,
  truthOf,
  unknown,
  type Value,
} from './value.ts';

/** The result of calling a library's function that is understood; null for any other. */
export function callNative(machine: Machine, path: string, args: CallArguments): Value | null {
  const known = FUNCTIONS.get(path);
  if (known !== undefined) return known(machine, args);
  // Also Pybind11Extension and its like; those of Rust link what their crates say.
  if (/(?:^|\.)(?!Rust)\w*Extension$/u.test(path)) return extension(machine, args);
  if (/(^|\.)cythonize$/u.test(path)) return cythonize(machine, args);
  return null;
}

/** Whether calling this leaves the lists and dictionaries alone that it is given. */
export function isHarmless(path: string): boolean {
  const root = path.split('.', 1)[0] ?? '';
  return BUILD_TOOLS.has(root) || isStandardModule(root);
}

const BUILD_TOOLS: ReadonlySet<string> = new Set([
  ...['builtins', 'setuptools', 'pkg_resources', 'distutils', 'numpy', 'Cython', 'six', 'packaging', 'wheel', 'pip'],
]);

function parseRequirementLines(machine: Machine, args: CallArguments): Value {
  const source = args.positional[0] ?? NONE;
  const file =
    source.kind === 'string' &&
    !/[\n<>=]/u.test(source.value) &&
    machine.files.kind(normalPath(source.value)) === 'file'
      ? readKept(machine, source.value, args.place)
      : source;
  const text = file.kind === 'file' ? file.text : file.kind === 'string' ? file.value : null;
  const lines = text === null ? iterate(machine, file, args.place) : itemsFrom(linesOf(text).map(str));
  if ('kind' in lines) return lines;
  const items: Item[] = [];
  for (const { value, when } of lines) {
    const line = value.kind === 'string' ? value.value.replace(/(?:^|\s)#.*/u, '').trim() : null;
    if (line === '' || line?.startsWith('-') === true) continue;
    const slot = { value: line === null ? value : str(line), place: args.place };
    const id = newTable(machine, 'requirement', [
      ['req', slot],
      ['requirement', slot],
    ]);
    items.push({ value: { kind: 'ref', id }, when });
  }
  return newList(machine, items);
}

function extension(machine: Machine, args: CallArguments): Value {
  const slots = new Map(args.keywords);
  for (const [i, name] of [
    'name',
    'sources',
    'include_dirs',
    'define_macros',
    'undef_macros',
    'library_dirs',
    'libraries',
  ].entries()) {
    const value = args.positional[i];
    if (value !== undefined) slots.set(name, { value, place: args.place });
  }
  const rest =
    args.rest?.kind === 'unknown'
      ? args.rest
      : args.rest === null
        ? null
        : unknown('passes arguments that are not known', args.place);
  return { kind: 'ref', id: newTable(machine, 'extension', slots, rest) };
}

/** `cythonize` gives the extensions that it is given, or one for a pattern of `.pyx` files. */
function cythonize(machine: Machine, args: CallArguments): Value {
  const source = args.positional[0] ?? args.keywords.get('module_list')?.value ?? NONE;
  return lift(source, (value) => {
    const items = value.kind === 'string' ? itemsFrom([value]) : iterate(machine, value, args.place);
    if ('kind' in items) return value.kind === 'ref' ? newList(machine, itemsFrom([value])) : items;
    return newList(
      machine,
      items.map((item) =>
        item.value.kind === 'string' ? { ...item, value: { kind: 'ref', id: newTable(machine, 'extension') } } : item,
      ),
    );
  });
}

/** How the interpreters of the targets were built, as far as they are all alike: with the lock of the interpreter, and not for debugging. */
const CONFIGURATION: ReadonlyMap<string, number> = new Map([
  ['Py_GIL_DISABLED', 0],
  ['Py_DEBUG', 0],
  ['WITH_THREAD', 1],
]);

function configVariable(_: Machine, args: CallArguments): Value {
  return lift(args.positional[0] ?? args.keywords.get('name')?.value ?? NONE, (name) => {
    const known = name.kind === 'string' ? CONFIGURATION.get(name.value) : undefined;
    const asked = name.kind === 'string' ? ` of ${name.value.slice(0, 40)}` : '';
    return known === undefined ? unknown(`depends on sysconfig.get_config_var()${asked}`, args.place) : num(known);
  });
}

/** `platform.uname()` and `os.uname()`: their first field is the name of the system. */
function systemName(machine: Machine, { place }: CallArguments, field: string): Value {
  const slot = { value: platformValue('platform_system'), place };
  const rest = unknown('depends on the machine that builds', place);
  const key = keyOf(num(0)) ?? '';
  const fields = [
    [field, slot],
    [key, slot],
  ] as const;
  return { kind: 'ref', id: newTable(machine, 'record', fields, rest) };
}

function environmentVariable(_: Machine, args: CallArguments): Value {
  return args.positional[1] ?? args.keywords.get('default')?.value ?? NONE;
}

function truth(machine: Machine, args: CallArguments): Value {
  const condition = truthOf(args.positional[0] ?? NONE, machine.heap, args.place);
  const open = unknownIn(condition);
  return open === null ? conditionValue(condition) : unknown(open.why, open.place);
}

/** Ends the program for the interpreters and platforms that get here. Where all do, what led here was misjudged, since releases can be built. */
function exit(machine: Machine, { place }: CallArguments): Value {
  if (machine.path.length > 0) throw new Raised('SystemExit', 'it ends the program', place);
  return NONE;
}

/** `str()`; a part of the version of Python is `2` or `3`. */
function text(machine: Machine, args: CallArguments): Value {
  const [value] = args.positional;
  if (value?.kind === 'version' && value.form === 'number') return majorText();
  return onText((one) => str(one))(machine, args);
}

/** What the hooks of known backends ask for, which backends of an sdist wrap. */
const HOOKS: readonly (readonly [string, readonly string[]])[] = [
  ...['setuptools.build_meta', 'flit_core.buildapi', 'hatchling.build', 'poetry.core.masonry.api', 'pdm.backend'].map(
    (backend) => [backend, []] as const,
  ),
  ['scikit_build_core.build', ['cmake', 'ninja']],
  ['mesonpy', ['ninja']],
];

const FUNCTIONS: ReadonlyMap<string, NativeFunction> = new Map<string, NativeFunction>([
  ...FILE_FUNCTIONS,
  ...COLLECTION_FUNCTIONS,
  ...REGEX_FUNCTIONS,
  ...MODULE_FUNCTIONS,
  ...CONFIG_FUNCTIONS,
  ...DATA_FUNCTIONS,
  ...['sysconfig', 'distutils.sysconfig', 'setuptools._distutils.sysconfig'].map(
    (name) => [`${name}.get_config_var`, configVariable] as const,
  ),
  ['os.getenv', environmentVariable],
  ['platform.system', () => platformValue('platform_system')],
  ['platform.uname', (machine, args) => systemName(machine, args, 'system')],
  ['os.uname', (machine, args) => systemName(machine, args, 'sysname')],
  ['platform.machine', () => platformValue('platform_machine')],
  ['platform.python_implementation', () => platformValue('platform_python_implementation')],
  ['platform.python_version', () => ({ kind: 'version', form: 'text', length: 3 })],
  ...['distutils.util', 'sysconfig', 'setuptools._distutils.util'].map(
    (name) => [`${name}.get_platform`, buildPlatform] as const,
  ),
  ['builtins.bool', truth],
  ['builtins.str', text],
  ['builtins.unicode', text],
  [
    'builtins.int',
    onText((digits, _, place) =>
      /^-?\d{1,15}$/u.test(digits.trim()) ? num(Number(digits)) : unknown('makes a number of a text', place),
    ),
  ],
  ...['sys.exit', 'builtins.exit', 'builtins.quit', 'os._exit'].map((name) => [name, exit] as const),
  ['builtins.print', () => NONE],
  // What setup() itself asks for is read from its call.
  ...HOOKS.flatMap(([backend, requires]) =>
    ['build_wheel', 'build_editable'].map(
      (hook) =>
        [
          `${backend}.get_requires_for_${hook}`,
          (machine: Machine) => newList(machine, itemsFrom(requires.map(str))),
        ] as const,
    ),
  ),
  ['pkg_resources.parse_requirements', parseRequirementLines],
  ...['pip.req', 'pip.req.req_file', 'pip._internal.req', 'pip._internal.req.req_file'].map(
    (name) => [`${name}.parse_requirements`, parseRequirementLines] as const,
  ),
]);
