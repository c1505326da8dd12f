import type { SyntaxNode } from '@lezer/common';
import { normalizeName } from '../../pep/name.ts';
import { bindName } from './assign.ts';
import { ALWAYS, and, type Condition, NEVER } from './condition.ts';
import { joinPath, normalPath, parentPath } from './file-paths.ts';
import { importsOf } from './import-syntax.ts';
import {
  type Frame,
  getSlot,
  MAX_STEPS,
  type Machine,
  newTable,
  OutOfSteps,
  objectOf,
  Raised,
  setSlot,
} from './machine.ts';
import { nativeMember } from './member.ts';
import { nativeConstant } from './native-constants.ts';
import { parsedFile } from './parsed-file.ts';
import { execute } from './statement.ts';
import { standardModuleCondition } from './stdlib-modules.ts';
import { placeOf, statementsOf } from './syntax.ts';
import { toText } from './text-format.ts';
import { NONE, str, unknown, type Value } from './value.ts';

/** Under which condition the modules of an import statement can be imported. */
export function importCondition(machine: Machine, frame: Frame, node: SyntaxNode): Condition {
  return and(
    importsOf(frame.source, node).map(({ module, level }): Condition => {
      if (level > 0 || fileOf(machine, module) !== null) return ALWAYS;
      const root = module.split('.', 1)[0] ?? '';
      // What every build of a setup.py has; pip has no public module since its version 10.
      if (root === 'setuptools' || root === 'pkg_resources' || root === 'distutils') return ALWAYS;
      if (root === 'pip') return module.startsWith('pip._internal') ? ALWAYS : NEVER;
      if (machine.installed.has(normalizeName(root))) return ALWAYS;
      return (
        standardModuleCondition(module) ?? {
          kind: 'unknown',
          why: `it depends on whether ${module} can be imported`,
          place: placeOf(frame.source, node),
        }
      );
    }),
  );
}

/** Binds the names of an import statement. Modules of the sdist are evaluated too, once. */
export function executeImport(machine: Machine, frame: Frame, node: SyntaxNode): void {
  const place = placeOf(frame.source, node);
  for (const { module, level, names, alias } of importsOf(frame.source, node)) {
    const absolute = level === 0 ? module : relativeModule(frame, module, level);
    if (names === null) {
      const whole = importModule(machine, absolute, place);
      const root = absolute.split('.', 1)[0] ?? absolute;
      const bound = alias ?? root;
      bindName(
        machine,
        frame,
        bound,
        alias === null && root !== absolute ? importModule(machine, root, place) : whole,
        node,
      );
      continue;
    }
    const source = importModule(machine, absolute, place);
    for (const { name, alias: as } of names) {
      if (name === '*') importAll(machine, frame, source, absolute, node);
      else bindName(machine, frame, as ?? name, memberOf(machine, source, absolute, name, node, frame), node);
    }
  }
}

/** Evaluates a text in a scope: `exec`. */
export function executeText(machine: Machine, path: string, text: string, scope: number, packageName = ''): void {
  const source = parsedFile(machine.files, path, text);
  const frame: Frame = {
    ...{ source, globals: scope, scopes: [], globalNames: new Set<string>(), exits: [] },
    ...{ base: machine.path.length, package: packageName },
  };
  const { length } = machine.path;
  const limit = machine.stepLimit;
  machine.stepLimit = Math.min(limit, machine.steps + MAX_STEPS / 4);
  const giveUp = (why: string) => {
    const table = machine.heap.get(scope);
    if (table?.kind === 'table') machine.heap.set(scope, { ...table, rest: unknown(why, { file: path }) });
  };
  try {
    if (!execute(machine, frame, statementsOf(source.root))) giveUp('the module raises an exception');
  } catch (error) {
    if (!(error instanceof OutOfSteps) || machine.steps >= limit) throw error;
    giveUp(error.message);
  } finally {
    machine.stepLimit = limit;
    machine.path.length = length;
  }
}

/** A module of a package of the sdist, asked for as an attribute; null where there is none. */
export function submodule(machine: Machine, scope: number, name: string): Value | null {
  const parent = getSlot(machine, scope, '__name__');
  const module = parent.kind === 'string' ? `${parent.value}.${name}` : '';
  return fileOf(machine, module) === null ? null : importModule(machine, module, { file: '' });
}

function importModule(machine: Machine, module: string, place: { file: string; line?: number }): Value {
  const known = machine.modules.get(module);
  if (known !== undefined) return known;
  const file = fileOf(machine, module);
  if (file === null) return nativeConstant(machine, module) ?? { kind: 'native', path: module, place };
  const text = machine.files.text(file);
  if (text === null) return unknown(`imports ${file}, which is not read`, place);
  const id = newTable(machine, 'scope');
  const value: Value = { kind: 'ref', id };
  machine.modules.set(module, value);
  setSlot(machine, id, '__name__', { value: str(module), place: { file } });
  setSlot(machine, id, '__file__', { value: str(file), place: { file } });
  const tries = machine.tries;
  machine.tries = 0;
  executeText(
    machine,
    file,
    text,
    id,
    file.endsWith('__init__.py') ? module : module.split('.').slice(0, -1).join('.'),
  );
  machine.tries = tries;
  return value;
}

/** The file of a module of the sdist. */
function fileOf(machine: Machine, module: string): string | null {
  // Their meaning is known, also in the sdists of their own projects.
  if (/^(?:setuptools|distutils|pkg_resources)(?:\.|$)/u.test(module)) return null;
  const path = module.replaceAll('.', '/');
  return (
    searchedFolders(machine)
      .flatMap((folder) => [joinPath(folder, `${path}.py`), joinPath(folder, `${path}/__init__.py`)])
      .find((file) => machine.files.kind(file) === 'file') ?? null
  );
}

/** The folders of the sdist that `sys.path` names, in its order, and the root. */
function searchedFolders(machine: Machine): string[] {
  const list = objectOf(machine, machine.libraryObjects.get('sys.path') ?? NONE);
  const entries = list?.kind === 'list' ? list.items.flatMap(({ value }) => toText(value, machine.heap) ?? []) : [];
  const inside = entries.map(normalPath).filter((folder) => !folder.startsWith('/') && !folder.startsWith('..'));
  for (const folder of inside) if (folder !== '') machine.searched.add(folder);
  return [...new Set([...inside, ''])];
}

function relativeModule(frame: Frame, module: string, level: number): string {
  let base = frame.package.replaceAll('.', '/');
  for (let i = 1; i < level; i++) base = parentPath(base);
  return [base.replaceAll('/', '.'), module].filter((part) => part !== '').join('.');
}

function memberOf(
  machine: Machine,
  source: Value,
  module: string,
  name: string,
  node: SyntaxNode,
  frame: Frame,
): Value {
  const place = placeOf(frame.source, node);
  if (source.kind === 'native') return nativeMember(machine, source.path, name, place);
  if (source.kind !== 'ref') return source;
  const value = getSlot(machine, source.id, name);
  if (value.kind !== 'missing') return value;
  const below = submodule(machine, source.id, name);
  if (below !== null) return below;
  if (machine.tries > 0) throw new Raised('ImportError', `${module} has no ${name}`, place);
  return unknown(`${module} has no ${name}`, place);
}

function importAll(machine: Machine, frame: Frame, source: Value, module: string, node: SyntaxNode): void {
  const scope = machine.heap.get(frame.globals);
  if (scope?.kind !== 'table') return;
  const table = source.kind === 'ref' ? machine.heap.get(source.id) : undefined;
  if (table?.kind !== 'table') {
    const why = unknown(`the name may come from ${module}`, placeOf(frame.source, node));
    machine.heap.set(frame.globals, { ...scope, rest: why });
    return;
  }
  for (const [name, slot] of table.slots) if (!name.startsWith('_')) setSlot(machine, frame.globals, name, slot);
}
