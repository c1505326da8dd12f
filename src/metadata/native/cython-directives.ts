/** A library that a Cython source names for the linker. */
export interface CythonLibrary {
  /** As after `-l`. */
  readonly name: string;
  readonly line: number;
}

/**
 * The libraries that the comments at the top of a Cython source name; Cython reads none behind the first line of code, and `cythonize()` alone follows them.
 * line = "#" "distutils:" "libraries" "=" name { [","] name }
 */
export function cythonLibraries(text: string): CythonLibrary[] {
  if (!/distutils:/u.test(text)) return [];
  const libraries: CythonLibrary[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const plain = line.trim();
    if (plain !== '' && !plain.startsWith('#')) break;
    const names = /^#\s{0,20}distutils:\s{0,20}libraries\s{0,20}=(.{0,500})$/u.exec(plain)?.[1] ?? '';
    for (const [name] of names.matchAll(/[A-Za-z][\w.+-]*/gu)) libraries.push({ name, line: index + 1 });
  }
  return libraries;
}
