/** A library that a Python module loads by its name when it runs. */
export interface LoadedLibrary {
  /** As after `-l`: `usb-1.0` for `libusb-1.0.so.0`. */
  readonly name: string;
  readonly line: number;
}

/**
 * The libraries that a Python module loads with ctypes or cffi by a name that it writes out.
 * call = ("find_library" | "LoadLibrary" | "CDLL" | "dlopen") "(" text …
 */
export function loadedLibraries(text: string): LoadedLibrary[] {
  if (!/find_library|LoadLibrary|CDLL|dlopen/u.test(text)) return [];
  const loaded: LoadedLibrary[] = [];
  let line = 1;
  let counted = 0;
  for (const match of text.matchAll(CALL)) {
    for (let at = text.indexOf('\n', counted); at >= 0 && at < match.index; at = text.indexOf('\n', at + 1)) line++;
    counted = match.index;
    loaded.push({ name: plainName(match[1] ?? ''), line });
    if (loaded.length >= MAX_LOADED) break;
  }
  return loaded;
}

const MAX_LOADED = 100;
const CALL = /\b(?:find_library|LoadLibrary|CDLL|dlopen)\(\s{0,20}["']([A-Za-z][\w.+-]{0,60})["']/gu;

function plainName(name: string): string {
  return /^lib([\w+.-]+?)(?:\.so(?:\.\d+){0,4}|(?:\.\d+)?\.dylib)$/u.exec(name)?.[1] ?? name;
}
