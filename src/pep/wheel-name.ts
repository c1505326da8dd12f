import { normalizeName } from './name.ts';
import { tryParseVersion, type Version } from './version.ts';

/** The parts of a wheel's file name (PEP 427), for example `toolz-1.1.0-py3-none-any.whl`. */
export interface WheelName {
  /** PEP 503 name. */
  readonly name: string;
  readonly version: Version;
  /** Begins with a digit. */
  readonly build: string | null;
  /** Compressed tag sets, in lower case: each python fits with each abi and each platform. */
  readonly python: readonly string[];
  readonly abi: readonly string[];
  readonly platform: readonly string[];
}

const NAME = /^[\p{L}\p{N}_.]+$/u;
/** What Python takes for an identifier. */
const INTERPRETER = /^[\p{XIDS}_]\p{XIDC}*$/u;

/** The part of a wheel's file name that tells what it fits, `py3-none-any`. Of names that `parseWheelName` reads; two with the same text fit the same. */
export function wheelTagsText(filename: string): string {
  let start = filename.length;
  for (let part = 0; part < 3; part++) start = filename.lastIndexOf('-', start - 1);
  return filename.slice(start + 1, -'.whl'.length);
}

/** name "-" version [ "-" build ] "-" python "-" abi "-" platform ".whl"; null for every other file name. */
export function parseWheelName(filename: string): WheelName | null {
  if (!filename.endsWith('.whl')) return null;
  const parts = filename.slice(0, -'.whl'.length).split('-');
  if (parts.length !== 5 && parts.length !== 6) return null;
  const [name = '', versionText = ''] = parts;
  const build = parts.length === 6 ? (parts[2] ?? '') : null;
  const [python = [], abi = [], platform = []] = parts.slice(-3).map((tag) => tag.toLowerCase().split('.'));
  const version = tryParseVersion(versionText);
  if (version === null || !NAME.test(name) || name.includes('__')) return null;
  if (build !== null && !/^[0-9]/.test(build)) return null;
  if (!python.every((tag) => INTERPRETER.test(tag)) || [...abi, ...platform].includes('')) return null;
  return { name: normalizeName(name), version, build, python, abi, platform };
}
