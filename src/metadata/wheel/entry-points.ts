import { compareText } from '../../base/text.ts';

/**
 * The console scripts of an entry_points.txt, sorted, each with its line, which counts from 1. Names that could be no file of a `bin` folder are left out.
 * Lines may be indented: old setuptools copied them as they stood in setup.py.
 * section = "[" name "]"; script = name "=" module ":" attribute
 */
export function consoleScriptsOf(text: string): ReadonlyMap<string, number> {
  const scripts = new Map<string, number>();
  let section = '';
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const trimmed = line.replace(/^\ufeff/, '').trim();
    if (trimmed.startsWith('[') && trimmed.endsWith(']')) {
      section = trimmed.slice(1, -1).trim();
      continue;
    }
    const equals = trimmed.indexOf('=');
    const name = trimmed.slice(0, Math.max(equals, 0)).trim();
    if (section === 'console_scripts' && isScriptName(name) && !scripts.has(name)) scripts.set(name, index + 1);
  }
  return new Map([...scripts].sort(([a], [b]) => compareText(a, b)));
}

function isScriptName(name: string): boolean {
  return /^[^\p{C}\p{Z}/\\#;][^\p{C}/\\]*$/u.test(name) && name !== '.' && name !== '..';
}
