import { isProjectName, normalizeName } from '../pep/name.ts';

/** What a derivation of a Python set says of itself. */
export interface DerivationNames {
  /** With the prefix of the interpreter: `python3.6-toolz-0.9.0`. */
  readonly name: string;
  readonly pname: string | null;
  readonly version: string | null;
  /** The first address of its source. */
  readonly url: string | null;
}

/**
 * The project (PEP 503 name) that a derivation packages: the one whose archive it fetches, else its `pname`, else its name without the prefix of the interpreter
 * (`python3.6`) and the version. Null for what is no name of a project.
 */
export function projectOf(derivation: DerivationNames, prefix: string): string | null {
  const { name, pname, url } = derivation;
  const plain = splitName(withoutPrefix(name, prefix)).name;
  const stated = (url === null ? null : projectOfUrl(url, derivation.version)) ?? withoutPrefix(pname ?? plain, prefix);
  return isProjectName(stated) && stated.length <= MOST ? normalizeName(stated) : null;
}

/** The version that a derivation states, else that of its name; null for what is none. */
export function versionOf({ name, version }: DerivationNames, prefix: string): string | null {
  const text = version ?? splitName(withoutPrefix(name, prefix)).version;
  return /^[A-Za-z0-9][A-Za-z0-9.+!_-]{0,99}$/u.test(text) ? text : null;
}

const MOST = 200;

/** Whether a derivation is named as one of the interpreter: `python3.6-toolz-0.9.0`, or with the flags of its build `python3.5m-setuptools-19.4`. */
export function hasPrefix(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && /^[a-z]{0,3}-/u.test(name.slice(prefix.length));
}

function withoutPrefix(name: string, prefix: string): string {
  return hasPrefix(name, prefix) ? name.slice(name.indexOf('-', prefix.length) + 1) : name;
}

/** The name ends before the first dash that no letter follows, as in `builtins.parseDrvName`. */
function splitName(text: string): { readonly name: string; readonly version: string } {
  const dash = /-(?=[^A-Za-z])/u.exec(text);
  if (dash === null) return { name: text, version: '' };
  return { name: text.slice(0, dash.index), version: text.slice(dash.index + 1) };
}

/**
 * pypi-url = "mirror://pypi/" LETTER "/" PROJECT "/" FILE / anything "/packages/" [ 1*( segment "/" ) ( LETTER "/" PROJECT "/" ) ] FILE. The folders of the second form
 * are a digest in newer addresses, so that only the file tells.
 */
function projectOfUrl(url: string, version: string | null): string | null {
  const mirrored = url.startsWith('mirror://pypi/');
  const start = url.indexOf('/packages/');
  if (!mirrored && start < 0) return null;
  const segments = (mirrored ? url.slice('mirror://pypi/'.length) : url.slice(start + '/packages/'.length)).split('/');
  const [letter = '', project = '', file = ''] = segments.slice(-3);
  if (letter.length === 1 && project.startsWith(letter)) return project;
  const stem = version === null ? -1 : file.lastIndexOf(`-${version}`);
  return stem > 0 ? file.slice(0, stem) : null;
}
