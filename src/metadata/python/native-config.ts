import { parseIni } from '../ini.ts';
import type { CallArguments, NativeFunction } from './call-arguments.ts';
import { normalPath } from './file-paths.ts';
import { getSlot, type Machine, newList, newTable, Raised, setSlot, tableOf } from './machine.ts';
import { readKept } from './native-files.ts';
import { describe, iterate } from './operators.ts';
import { toText } from './text-format.ts';
import { bool, itemsFrom, MISSING, NONE, num, type Slot, str, unknown, type Value } from './value.ts';

/** A parser without sections; one that is made with arguments may read in another way. */
const newParser: NativeFunction = (machine, args) => {
  const isUsual = args.rest === null && args.positional.length === 0 && [...args.keywords.keys()].every(isHarmless);
  const rest = isUsual ? null : unknown('comes from a configparser with options', args.place);
  return { kind: 'ref', id: newTable(machine, 'config', [], rest) };
};

/** Options that change nothing in what is usual for such files. */
function isHarmless(option: string): boolean {
  return ['allow_no_value', 'strict', 'interpolation'].includes(option);
}

export const CONFIG_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ...['configparser', 'ConfigParser', 'six.moves.configparser', 'setuptools.extern.six.moves.configparser'].flatMap(
    (module) =>
      ['ConfigParser', 'RawConfigParser', 'SafeConfigParser'].map((name) => [`${module}.${name}`, newParser] as const),
  ),
];

/** Methods of Python's configparser; null for those that are not understood. Each section is a dictionary. */
export function configMethod(machine: Machine, id: number, name: string, args: CallArguments): Value | null {
  const [first = NONE, second = NONE] = args.positional;
  switch (name) {
    case 'read':
      return readFiles(machine, id, args.positional[0] ?? args.keywords.get('filenames')?.value ?? NONE, args);
    case 'read_file':
    case 'readfp':
      return addText(machine, id, first, args);
    case 'read_string':
      return first.kind === 'string' ? addText(machine, id, first, args) : null;
    case 'sections':
      return known(machine, id, newList(machine, itemsFrom(sectionNames(machine, id).map(str))));
    case 'has_section':
      return first.kind === 'string' ? known(machine, id, bool(sectionNames(machine, id).includes(first.value))) : null;
    case 'has_option': {
      const value = optionOf(machine, id, first, second);
      return value.kind === 'unknown' ? value : bool(value.kind !== 'missing');
    }
    case 'options':
    case 'items': {
      const section = first.kind === 'string' ? tableOf(machine, getSlot(machine, id, first.value)) : null;
      if (section === null) return null;
      const entries = [...section.slots].map(([key, { value }]): Value => {
        return name === 'options' ? str(key) : { kind: 'tuple', items: itemsFrom([str(key), value]) };
      });
      return newList(machine, itemsFrom(entries));
    }
    case 'get':
    case 'getint':
    case 'getboolean': {
      const value = optionOf(machine, id, first, second);
      if (value.kind !== 'missing') return name === 'get' ? value : converted(value, name, args);
      const fallback = args.keywords.get('fallback')?.value;
      if (fallback !== undefined) return fallback;
      if (machine.tries > 0) throw new Raised('NoOptionError', 'there is no such option', args.place);
      return unknown(`there is no option ${toText(second, machine.heap) ?? ''}`, args.place);
    }
    default:
      return null;
  }
}

/** What is not there is passed over, as Python does. */
function readFiles(machine: Machine, id: number, names: Value, args: CallArguments): Value {
  const list =
    names.kind === 'string' || names.kind === 'path' ? itemsFrom([names]) : iterate(machine, names, args.place);
  if ('kind' in list) return spoiled(machine, id, list);
  for (const { value, when } of list) {
    const name = when.kind === 'always' && value.kind !== 'none' ? toText(value, machine.heap) : null;
    if (name === null) return spoiled(machine, id, unknown(`reads ${describe(value)}`, args.place));
    if (machine.files.kind(normalPath(name)) === 'file')
      addText(machine, id, readKept(machine, name, args.place), args);
  }
  return NONE;
}

function addText(machine: Machine, id: number, source: Value, args: CallArguments): Value {
  const text = source.kind === 'file' ? source.text : source.kind === 'string' ? source.value : null;
  if (text === null)
    return spoiled(machine, id, source.kind === 'unknown' ? source : unknown(`reads ${describe(source)}`, args.place));
  const file = source.kind === 'file' ? source.path : null;
  for (const [section, options] of parseIni(text)) {
    const before = tableOf(machine, getSlot(machine, id, section))?.slots ?? defaultsOf(machine, id);
    const read = [...options].map(([key, { value, line }]): [string, Slot] => {
      const place = file === null ? args.place : { file, line };
      // With a % it is put together of other options.
      return [
        key,
        { value: value.includes('%') ? unknown(`has the value ${value.slice(0, 60)}`, place) : str(value), place },
      ];
    });
    const table = newTable(machine, 'dict', [...before, ...read]);
    setSlot(machine, id, section, { value: { kind: 'ref', id: table }, place: args.place });
  }
  return NONE;
}

function defaultsOf(machine: Machine, id: number): Iterable<readonly [string, Slot]> {
  return tableOf(machine, getSlot(machine, id, 'DEFAULT'))?.slots ?? [];
}

function sectionNames(machine: Machine, id: number): string[] {
  const names = [...(tableOf(machine, { kind: 'ref', id })?.slots.keys() ?? [])];
  return names.filter((name) => name !== 'DEFAULT');
}

function optionOf(machine: Machine, id: number, section: Value, option: Value): Value {
  if (section.kind !== 'string' || option.kind !== 'string') return section.kind === 'unknown' ? section : MISSING;
  const options = getSlot(machine, id, section.value);
  return options.kind === 'ref' ? getSlot(machine, options.id, option.value.toLowerCase()) : options;
}

function converted(value: Value, name: 'getint' | 'getboolean', args: CallArguments): Value {
  if (value.kind !== 'string') return value;
  if (name === 'getint' && /^-?\d{1,15}$/u.test(value.value)) return num(Number(value.value));
  const word = value.value.toLowerCase();
  if (name === 'getboolean' && /^(?:1|yes|true|on|0|no|false|off)$/u.test(word))
    return bool(/^(?:1|yes|true|on)$/u.test(word));
  return unknown(`reads a number of ${value.value.slice(0, 60)}`, args.place);
}

/** A value, unless there may be more sections than are known. */
function known(machine: Machine, id: number, value: Value): Value {
  return tableOf(machine, { kind: 'ref', id })?.rest ?? value;
}

/** From here on nothing of the parser is known. */
function spoiled(machine: Machine, id: number, cause: ReturnType<typeof unknown>): Value {
  machine.heap.set(id, { kind: 'table', type: 'config', slots: new Map(), rest: cause });
  return cause;
}
