import { mayHoldOnUnix } from './condition-marker.ts';
import {
  createMachine,
  type Machine,
  newTable,
  OutOfSteps,
  type PythonFiles,
  type SetupCall,
  setSlot,
} from './machine.ts';
import { execute } from './statement.ts';
import type { PythonSource } from './syntax.ts';
import { statementsOf } from './syntax.ts';
import { str } from './value.ts';

/** What following a setup.py led to. */
export interface SetupEvaluation {
  /** The call of `setup()` that counts on Linux and macOS: the first that may be reached there. */
  readonly call: SetupCall | null;
  /** The other calls that were reached. */
  readonly others: readonly SetupCall[];
  /** Why there is no call. */
  readonly failure: string | null;
  /** Paths of the files of the sdist that the program reads. */
  readonly opened: readonly string[];
  /** Folders of the sdist in which it looked for modules, the root left out. */
  readonly searched: readonly string[];
}

/**
 * Follows a setup.py by its syntax tree: literals, names, lists and dictionaries, text methods, files of the sdist, functions, loops and
 * conditions, and the modules of the sdist that it imports. Nothing is run, and nothing outside the sdist is read. What depends on
 * interpreter or platform is kept with its condition; what cannot be followed is a value that says why. It takes the point of
 * view of `setup.py bdist_wheel` with an empty environment. `installed` are projects (PEP 503 names) that are there to be imported.
 */
export function evaluateSetup(
  source: PythonSource,
  files: PythonFiles,
  installed: ReadonlySet<string> = new Set(),
): SetupEvaluation {
  const machine = createMachine(files, installed);
  const globals = newTable(machine, 'scope');
  const place = { file: source.path };
  setSlot(machine, globals, '__name__', { value: str('__main__'), place });
  setSlot(machine, globals, '__file__', { value: str(source.path), place });
  setSlot(machine, globals, '__doc__', { value: str(''), place });
  const failure = run(machine, source, globals);
  const call = machine.setupCalls.find(({ when }) => mayHoldOnUnix(when)) ?? null;
  return {
    call,
    others: machine.setupCalls.filter((other) => other !== call),
    failure: call === null ? failure : null,
    opened: [...machine.opened],
    searched: [...machine.searched],
  };
}

function run(machine: Machine, source: PythonSource, globals: number): string {
  const frame = {
    ...{ source, globals, scopes: [], globalNames: new Set<string>(), exits: [], base: 0, package: '' },
  };
  try {
    const ended = execute(machine, frame, statementsOf(source.root));
    return ended ? 'no call of setup() is reached' : 'it stops with an exception before it calls setup()';
  } catch (error) {
    if (error instanceof OutOfSteps) return error.message;
    // Data that is nested in itself, or too deeply, ends in an overflow of the stack.
    if (error instanceof RangeError) return 'its data is nested too deeply';
    throw error;
  }
}
