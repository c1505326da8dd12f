import { lineFinder } from './line-starts.ts';
import type { Place } from './release-facts.ts';

/** A program that a test file runs. */
export interface TestCommand extends Place {
  readonly command: string;
}

/**
 * The programs of `programs` that the text of a test file runs by name: a literal that is the first argument of a call whose name says that it runs something
 * (`subprocess.run(["git", "init"])`, `run("git init")`, `shutil.which("git")`). One place for each. By its text and not its tree, since the statements
 * that hold such calls are not parsed; a call in a comment does no harm beyond a tool too many. Who has the tree tells by `isCode` of an offset whether it lies in code.
 * call = name ("." name)* "(" ["[" | "("] ["b"] quote program (quote | " ") ...
 */
export function testCommands(
  path: string,
  text: string,
  {
    programs,
    isCode = () => true,
  }: { readonly programs: Pick<ReadonlySet<string>, 'has'>; readonly isCode?: (at: number) => boolean },
): TestCommand[] {
  const found = new Map<string, TestCommand>();
  const lineAt = lineFinder(text);
  const mocks = /\bmock\b/u.test(text);
  for (const match of text.matchAll(CALL)) {
    const [, callee = '', command = ''] = match;
    if (!programs.has(command) || found.has(command) || !runsSomething(callee, mocks) || !isCode(match.index)) continue;
    found.set(command, { command, file: path, line: lineAt(match.index) });
  }
  return [...found.values()];
}

const CALL = /(?<![\w.])([\w.]{1,80})\(\s{0,40}[[(]?\s{0,40}b?["']([a-z][\w-]{0,30})(?=["' ])/gu;

function runsSomething(callee: string, mocks: boolean): boolean {
  const name = callee.slice(callee.lastIndexOf('.') + 1);
  if (/assert|mock|expect|register|patch|param/iu.test(callee)) return false;
  // What distutils runs by this name are its own commands.
  if (callee === 'self.run_command') return false;
  // mock.call() says what was called.
  if (name === 'call') return callee === 'subprocess.call' || !mocks;
  return /run|popen|exec|which|call|command|cmd|spawn|output|system|shell/iu.test(name);
}
