import { oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { normalizeName } from './name.ts';

/** The fields of a PKG-INFO or METADATA file that matter here, of any metadata version (PEP 241 to PEP 794). Without the long description: see `descriptionOf`. */
export interface CoreMetadata {
  readonly metadataVersion: string;
  /** As it is written. */
  readonly name: string;
  /** As it is written. */
  readonly version: string;
  readonly summary: string | null;
  readonly homePage: string | null;
  /** Free text, possibly a whole licence of many lines. */
  readonly license: string | null;
  /** SPDX expression (PEP 639). */
  readonly licenseExpression: string | null;
  /** Paths in the sdist (PEP 639). */
  readonly licenseFiles: readonly string[];
  readonly classifiers: readonly string[];
  readonly requiresPython: string | null;
  /** Requirement texts, as they are written. */
  readonly requiresDist: readonly string[];
  /** PEP 685 names. */
  readonly providesExtra: readonly string[];
  /** Names of the fields that a wheel may state otherwise (PEP 643), in lower case. */
  readonly dynamic: readonly string[];
  readonly projectUrls: readonly { readonly label: string; readonly url: string }[];
  readonly keywords: string | null;
  /** Importable names that nobody else has (PEP 794), the private ones too; empty when it says that there are none, null when it does not say. */
  readonly importNames: readonly string[] | null;
  /** Importable names that it shares with other projects (PEP 794), the private ones too. */
  readonly importNamespaces: readonly string[];
  /** On which lines of the file fields stand, where its reader found that out. */
  readonly lines?: Readonly<Record<string, number>>;
}

const NEWEST_MAJOR = 2;

interface Header {
  /** In lower case. */
  readonly name: string;
  /** Lines of the value: the first one, and the folded ones as they stand. */
  readonly lines: readonly string[];
}

interface Message {
  readonly headers: readonly Header[];
  readonly body: string;
}

/** Reads the text of a metadata file. Unknown fields are passed over. Throws UserError E_BAD_METADATA (exit 65) without Metadata-Version, Name or Version, and for a major version of the format that is not known. */
export function parseCoreMetadata(text: string): CoreMetadata {
  const { headers } = readMessage(text);
  const all = (name: string): string[] => headers.filter((header) => header.name === name).map(fieldText);
  const first = (name: string): string | null => present(all(name)[0]);
  return {
    metadataVersion: knownFormat(demanded('Metadata-Version', first('metadata-version'))),
    name: demanded('Name', first('name')),
    version: demanded('Version', first('version')),
    summary: first('summary'),
    homePage: first('home-page'),
    license: first('license'),
    licenseExpression: first('license-expression'),
    licenseFiles: nonEmpty(all('license-file')),
    classifiers: nonEmpty(all('classifier')),
    requiresPython: first('requires-python'),
    requiresDist: nonEmpty(all('requires-dist')),
    providesExtra: [...new Set(nonEmpty(all('provides-extra')).map(normalizeName))],
    dynamic: nonEmpty(all('dynamic')).map((field) => field.toLowerCase()),
    projectUrls: nonEmpty(all('project-url')).map(projectUrl),
    keywords: first('keywords'),
    importNames: headers.some(({ name }) => name === 'import-name') ? importable(all('import-name')) : null,
    importNamespaces: importable(all('import-namespace')),
  };
}

/** The long description of a metadata text: its body, or the field Description of older versions with its folding taken back; null without. */
export function descriptionOf(text: string): string | null {
  const { headers, body } = readMessage(text);
  if (body.trim() !== '') return body;
  const header = headers.find(({ name }) => name === 'description');
  return header === undefined ? null : present(unfold(header));
}

/** message = *header [ empty line, body ]; header = name ":" value *( line break, blank, more of the value ) */
function readMessage(text: string): Message {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const headers: { name: string; lines: string[] }[] = [];
  for (const [index, line] of lines.entries()) {
    const colon = line.indexOf(':');
    if (line === '') return { headers, body: lines.slice(index + 1).join('\n') };
    if (/^[ \t]/.test(line)) headers.at(-1)?.lines.push(line);
    else if (/^[!-9;-~]+$/.test(line.slice(0, Math.max(colon, 0)))) {
      headers.push({ name: line.slice(0, colon).toLowerCase(), lines: [line.slice(colon + 1).trim()] });
    }
    // Without a name, or the mark between mails of a mailbox: passed over, as Python's mail parser does.
    else if (/^(?::|From )/.test(line)) continue;
    // As mail programs do: what is no header begins the body, although the empty line is missing.
    else return { headers, body: lines.slice(index).join('\n') };
  }
  return { headers, body: '' };
}

// One-line fields are folded by mail rules, texts by those of Description.
function fieldText(header: Header): string {
  if (header.name === 'license') return unfold(header).trim();
  return header.lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

// Folded lines begin with eight blanks (distutils, setuptools) or with seven and a bar (PEP 314); others with any indentation.
function unfold({ lines }: Header): string {
  const [first = '', ...rest] = lines;
  return [first, ...rest.map((line) => line.replace(/^(?: {7}\|| {8}|\t)|^ {1,7}/, ''))].join('\n');
}

// distutils wrote UNKNOWN for what the author left out.
function present(value: string | null | undefined): string | null {
  return value === undefined || value === null || value === '' || value === 'UNKNOWN' ? null : value;
}

function nonEmpty(values: readonly string[]): string[] {
  return values.filter((value) => present(value) !== null);
}

/** import-name = dotted-name [ WS? ";" WS? "private" ] */
function importable(values: readonly string[]): string[] {
  return nonEmpty(values.map((value) => (value.split(';')[0] ?? '').trim()));
}

// Fields of a later minor version are passed over, a new major version may mean anything else by the old ones.
function knownFormat(version: string): string {
  const major = Number(/^(\d+)\./.exec(version)?.[1] ?? 0);
  if (major <= NEWEST_MAJOR) return version;
  throw new UserError('E_BAD_METADATA', `the metadata is of version ${oneLine(version)}, which is not known`, {
    exit: EXIT.data,
    hint: `versions 1.0 to ${NEWEST_MAJOR}.x of core metadata can be read`,
  });
}

/** project-url = label "," url */
function projectUrl(text: string): { label: string; url: string } {
  const comma = text.indexOf(',');
  return comma < 0
    ? { label: '', url: text }
    : { label: text.slice(0, comma).trim(), url: text.slice(comma + 1).trim() };
}

function demanded(field: string, value: string | null): string {
  if (value !== null) return value;
  throw new UserError('E_BAD_METADATA', `the metadata has no field ${field}`, {
    exit: EXIT.data,
    hint: 'the file may be damaged, or no metadata at all',
  });
}
