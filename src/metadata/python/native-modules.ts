import type { NativeFunction } from './call-arguments.ts';
import { normalPath } from './file-paths.ts';
import { executeText } from './import.ts';
import { getSlot, newTable, setSlot } from './machine.ts';
import { toText } from './text-format.ts';
import { NONE, str, unknown, type Value } from './value.ts';

/** `importlib.util.spec_from_file_location(name, path)`: what module_from_spec() makes a module of. */
const specFromFile: NativeFunction = (machine, args) => {
  const path = args.positional[1] ?? args.keywords.get('location')?.value ?? NONE;
  const file = path.kind === 'string' || path.kind === 'path' ? toText(path, machine.heap) : null;
  const text = file === null ? null : machine.files.text(normalPath(file));
  if (file === null || text === null) return unknown('loads a module that is not known', args.place);
  const place = args.place;
  const slots = [
    ['origin', { value: str(normalPath(file)), place }],
    ['loader', { value: { kind: 'native', path: LOADER, place }, place }],
  ] as const;
  return { kind: 'ref', id: newTable(machine, 'scope', slots) };
};

/** The module with all its names: that Python fills it only when its loader is asked to makes no difference to what is read afterwards. */
const moduleFromSpec: NativeFunction = (machine, args): Value => {
  const [spec] = args.positional;
  const origin = spec?.kind === 'ref' ? getSlot(machine, spec.id, 'origin') : NONE;
  const text = origin.kind === 'string' ? machine.files.text(origin.value) : null;
  if (origin.kind !== 'string' || text === null)
    return spec?.kind === 'unknown' ? spec : unknown('loads a module that is not known', args.place);
  const id = newTable(machine, 'scope');
  setSlot(machine, id, '__file__', { value: origin, place: args.place });
  executeText(machine, origin.value, text, id);
  return { kind: 'ref', id };
};

const LOADER = 'importlib.machinery.SourceFileLoader()';

/** The functions that load a file of the sdist as a module. */
export const MODULE_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ['importlib.util.spec_from_file_location', specFromFile],
  ['importlib.util.module_from_spec', moduleFromSpec],
  [`${LOADER}.exec_module`, () => NONE],
];
