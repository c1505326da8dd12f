import { sortedUnique } from '../../base/text.ts';

/**
 * Names of the console scripts of an entry_points.txt, sorted. Names that could be no file of a `bin` folder are left out.
 * Lines may be indented: old setuptools copied them as they stood in setup.py.
 * section = "[" name "]"; script = name "=" module ":" attribute
 */
export function consoleScriptsOf(text: string): string[] {
  const scripts: string[] = [];
  let section = '';
  for (const line of text.split(/\r\n|\n|\r/)) {
    const trimmed = line.replace(/^\ufeff/, '').trim();
    if (trimmed.startsWith('[') && trimmed.endsWith(']')) {
      section = trimmed.slice(1, -1).trim();
      continue;
    }
    const equals = trimmed.indexOf('=');
    const name = trimmed.slice(0, Math.max(equals, 0)).trim();
    if (section === 'console_scripts' && isScriptName(name)) scripts.push(name);
  }
  return sortedUnique(scripts);
}

function isScriptName(name: string): boolean {
  return /^[^\p{C}\p{Z}/\\#;][^\p{C}/\\]*$/u.test(name) && name !== '.' && name !== '..';
}
