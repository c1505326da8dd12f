import type { PythonFiles } from './machine.ts';
import { type PythonSource, parsePython } from './syntax.ts';

/** Parses a file of these, or gives what an earlier reader of them made of it. */
export function parsedFile(files: Pick<PythonFiles, 'parsed'>, path: string, text: string): PythonSource {
  const before = files.parsed?.get(text);
  if (before?.path === path) return before;
  const source = parsePython(path, text);
  if (files.parsed !== undefined && files.parsed.size < MOST_PARSED) files.parsed.set(text, source);
  return source;
}

/** Trees are larger than their texts. */
const MOST_PARSED = 30;
