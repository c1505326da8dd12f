import type { Place } from '../release-facts.ts';
import type { CallArguments, NativeFunction } from './call-arguments.ts';
import { baseName, joinPath, normalPath, parentPath } from './file-paths.ts';
import { filesLike } from './glob.ts';
import { type Machine, newList, Raised } from './machine.ts';
import { describe } from './operators.ts';
import { toText } from './text-format.ts';
import { bool, itemsFrom, lift, NONE, str, unknown, type Value } from './value.ts';

function openFile(machine: Machine, args: CallArguments): Value {
  const name = args.positional[0] ?? args.keywords.get('file')?.value ?? args.keywords.get('name')?.value ?? NONE;
  return lift(name, (value) => {
    const text = value.kind === 'path' || value.kind === 'string' ? toText(value, machine.heap) : null;
    if (text === null) return unknown(`opens ${describe(value)}`, args.place);
    return readKept(machine, text, args.place);
  });
}

/** The file of the sdist; where it is not there, a failure of `open()`. */
export function readKept(machine: Machine, name: string, place: Place): Value {
  const path = normalPath(name);
  const text = machine.files.text(path);
  if (text !== null) {
    machine.opened.add(path);
    return { kind: 'file', path, text };
  }
  if (machine.files.kind(path) !== null)
    return unknown(`opens ${path}, which is too large or of a kind that is not kept`, place);
  if (machine.tries > 0) throw new Raised('FileNotFoundError', `${path} is not there`, place);
  return unknown(`opens ${path}, which the sdist does not have`, place);
}

/** Wraps a function of one text (a path counts as its text). */
export function onText(apply: (text: string, machine: Machine, place: Place) => Value): NativeFunction {
  return (machine, args) =>
    lift(args.positional[0] ?? NONE, (value) => {
      const text = toText(value, machine.heap);
      return text === null || value.kind === 'none'
        ? unknown(`calls a function on ${describe(value)}`, args.place)
        : apply(text, machine, args.place);
    });
}

function orHere(path: string): Value {
  return str(path === '' ? '.' : path);
}

function joinPaths(machine: Machine, args: CallArguments): Value {
  const [first = NONE, ...rest] = args.positional;
  return rest.reduce<Value>(
    (joined, part) =>
      lift(joined, (a) =>
        lift(part, (b) => {
          const [x, y] = [toText(a, machine.heap), toText(b, machine.heap)];
          return x === null || y === null
            ? unknown('joins a path that is not known', args.place)
            : orHere(joinPath(x, y));
        }),
      ),
    first,
  );
}

function makePath(machine: Machine, args: CallArguments): Value {
  const parts = args.positional.map((part) => toText(part, machine.heap));
  const known = parts.filter((part) => part !== null);
  if (known.length < parts.length) return unknown('makes a path of something unknown', args.place);
  return { kind: 'path', path: joinPath('', ...known) };
}

function exists(path: string, machine: Machine): Value {
  return bool(machine.files.kind(normalPath(path)) !== null);
}

/** `glob.glob(pattern)`, in the order of names where Python has none. */
function globFiles(machine: Machine, args: CallArguments): Value {
  const { positional, keywords, place } = args;
  const isRecursive = isTrue(keywords.get('recursive')?.value);
  if (args.rest !== null || [...keywords.keys()].some((name) => name !== 'pathname' && name !== 'recursive'))
    return unknown('looks for files in a way that is not understood', place);
  return lift(positional[0] ?? keywords.get('pathname')?.value ?? NONE, (value) => {
    const pattern = toText(value, machine.heap);
    const found = pattern === null ? null : filesLike(machine, '', pattern, { isRecursive, takesHidden: false });
    return found === null
      ? unknown(`looks for files like ${describe(value)}`, place)
      : newList(machine, itemsFrom(found.map(str)));
  });
}

function isTrue(value: Value | undefined): boolean {
  return value?.kind === 'boolean' && value.value;
}

function listFolder(path: string, machine: Machine, place: Place): Value {
  const folder = normalPath(path);
  // The root has no entry of its own.
  if (folder === '' || machine.files.kind(folder) === 'directory')
    return newList(machine, itemsFrom(machine.files.list(folder).map(str)));
  if (machine.tries > 0) throw new Raised('FileNotFoundError', `${folder} is not there`, place);
  return unknown(`lists ${folder}, which the sdist does not have`, place);
}

/** Functions that open files and work on paths. */
export const FILE_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ...['builtins.open', 'io.open', 'codecs.open', 'builtins.file', 'tokenize.open'].map(
    (name) => [name, openFile] as const,
  ),
  ['os.path.join', joinPaths],
  ['os.path.dirname', onText((path) => orHere(parentPath(path)))],
  ['os.path.basename', onText((path) => str(baseName(path)))],
  ...['abspath', 'realpath', 'normpath', 'normcase', 'expanduser', 'relpath'].map(
    (name) => [`os.path.${name}`, onText((path) => orHere(normalPath(path)))] as const,
  ),
  ['os.path.exists', onText(exists)],
  ['os.path.lexists', onText(exists)],
  ['os.path.isfile', onText((path, machine) => bool(machine.files.kind(normalPath(path)) === 'file'))],
  ['os.path.isdir', onText((path, machine) => bool(machine.files.kind(normalPath(path)) === 'directory'))],
  ['os.listdir', onText(listFolder)],
  ['glob.glob', globFiles],
  ['glob.iglob', globFiles],
  ['os.getcwd', () => str('.')],
  ['os.chdir', () => NONE],
  ['pathlib.Path', makePath],
  ['pathlib.PurePath', makePath],
  ['pathlib.Path.cwd', () => ({ kind: 'path', path: '' })],
];
