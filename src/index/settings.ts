import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { oneLine } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import { type Credentials, splitCredentials } from '../net/credentials.ts';
import {
  type FolderSource,
  type IndexSource,
  type LinksPageSource,
  PUBLIC_INDEX_ID,
  type SimpleSource,
} from './index-source.ts';
import { type PipConf, type PipConfFile, parsePipConf } from './pip-conf.ts';

export interface IndexSettings {
  /** What the command line says. */
  readonly options: {
    readonly indexUrl?: string | undefined;
    readonly extraIndexUrls: readonly string[];
    readonly findLinks: readonly string[];
    readonly noIndex?: boolean | undefined;
  };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Configuration files of pip, lowest precedence first, as `pipConfPaths` orders them. */
  readonly pipConf: readonly PipConfFile[];
  /** Address of the public index, see `defaultIndexUrl`. */
  readonly defaultIndex: string;
  /** Absolute; relative `--find-links` folders are beneath it. */
  readonly workingDirectory: string;
  /** Absolute; what `~` stands for in settings that no shell has read. */
  readonly home: string;
}

interface Setting {
  readonly value: string;
  readonly setBy: string;
  readonly byHand: boolean;
}

/** A layer of settings: by key of pip.conf, the values that it gives. */
type Layer = (key: string) => readonly Setting[];

// pip's own defaults of a section for the command that ours resembles beat those for all commands.
const SECTIONS = ['install', 'global'];

/**
 * Where projects come from, in the order in which they are asked: find-links, the index, extra indexes.
 * Precedence as in pip: command line, PIP_* variables, pip.conf; as in pip too, lists on the command line add to the list that is configured
 * and `no-index` beats every index. Credentials are taken out of the URLs here, nothing further inside sees them in a URL.
 * Throws UserError (all faults together): `E_BAD_INDEX_URL`, `E_BAD_PIP_CONF`, `E_NO_INDEX`, exit 78.
 */
export function indexSettings(settings: IndexSettings): readonly IndexSource[] {
  const commandLine = commandLineLayer(settings.options);
  const configured = [environmentLayer(settings.environment), ...pipConfLayers(settings.pipConf)];
  const first = (key: string): readonly Setting[] =>
    configured.map((layer) => layer(key)).find((values) => values.length > 0) ?? [];

  const noIndex = [...commandLine('no-index'), ...first('no-index')][0];
  const findLinks = [...commandLine('find-links'), ...first('find-links')];
  const indexes: Setting[] = [];
  if (noIndex === undefined || !isTrue(noIndex.value)) {
    const chosen = [...commandLine('index-url'), ...first('index-url')][0];
    indexes.push(chosen ?? { value: settings.defaultIndex, setBy: 'the default', byHand: false });
    indexes.push(...commandLine('extra-index-url'), ...first('extra-index-url'));
  }

  const errors: UserError[] = [];
  const attempt = (build: () => IndexSource): IndexSource[] => {
    try {
      return [build()];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      errors.push(error);
      return [];
    }
  };
  const sources = [
    ...findLinks.flatMap((setting) => attempt(() => findLinksSource(setting, settings))),
    ...indexes.flatMap((setting) => attempt(() => simpleSource(setting, settings.defaultIndex))),
  ];
  throwAll(errors);
  if (sources.length === 0) {
    throw new UserError('E_NO_INDEX', `${noIndex?.setBy ?? '--no-index'} leaves no place to look for projects`, {
      exit: EXIT.config,
      hint: 'name a folder of archives with --find-links',
    });
  }
  return withoutRepetition(sources);
}

function commandLineLayer(options: IndexSettings['options']): Layer {
  const values = new Map<string, readonly string[]>([
    ['index-url', options.indexUrl === undefined ? [] : [options.indexUrl]],
    ['extra-index-url', options.extraIndexUrls],
    ['find-links', options.findLinks],
    ['no-index', options.noIndex === true ? ['true'] : []],
  ]);
  return (key) => (values.get(key) ?? []).map((value) => ({ value, setBy: `--${key}`, byHand: true }));
}

function environmentLayer(environment: IndexSettings['environment']): Layer {
  return (key) => {
    const setBy = `PIP_${key.toUpperCase().replaceAll('-', '_')}`;
    return words(environment[setBy] ?? '').map((value) => ({ value, setBy, byHand: false }));
  };
}

// In pip the section decides before the file: [install] of the global file beats [global] of the user's.
function pipConfLayers(files: readonly PipConfFile[]): Layer[] {
  const parsed = files.map((file) => ({ path: file.path, conf: parsePipConf(file) })).reverse();
  return SECTIONS.flatMap((section) => parsed.map(({ path, conf }) => pipConfLayer(path, conf, section)));
}

function pipConfLayer(path: string, conf: PipConf, section: string): Layer {
  return (key) =>
    (conf.get(section)?.get(key) ?? []).flatMap(({ text, line }) =>
      words(text).map((value) => ({ value, setBy: `${path}:${line}`, byHand: false })),
    );
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function isTrue(value: string): boolean {
  return ['y', 'yes', 't', 'true', 'on', '1'].includes(value.toLowerCase());
}

function simpleSource(setting: Setting, defaultIndex: string): SimpleSource {
  const { url, credentials } = webAddress(setting);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  const isPublic = url.href === defaultIndex;
  return {
    kind: 'simple',
    id: isPublic ? PUBLIC_INDEX_ID : url.href,
    name: isPublic ? 'PyPI' : nameOf(url),
    url: url.href,
    credentials,
    setBy: setting.setBy,
  };
}

function findLinksSource(setting: Setting, settings: IndexSettings): LinksPageSource | FolderSource {
  if (/^https?:/i.test(setting.value)) {
    const { url, credentials } = webAddress(setting);
    return {
      kind: 'links-page',
      id: `links ${url.href}`,
      name: nameOf(url),
      url: url.href,
      credentials,
      setBy: setting.setBy,
    };
  }
  const path = folderPath(setting, settings);
  return { kind: 'folder', path, name: path, setBy: setting.setBy, isOptional: !setting.byHand };
}

function folderPath(setting: Setting, { workingDirectory, home }: IndexSettings): string {
  const { value } = setting;
  if (/^file:/i.test(value)) {
    try {
      return resolve(fileURLToPath(value));
    } catch {
      throw badUrl(setting, 'is no file URL of this machine');
    }
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
    throw badUrl(setting, 'is neither a folder nor an http, https or file URL');
  if (value === '~' || value.startsWith('~/')) return join(home, value.slice(1));
  return isAbsolute(value) ? resolve(value) : resolve(workingDirectory, value);
}

function webAddress(setting: Setting): { readonly url: URL; readonly credentials: Credentials | null } {
  const value = setting.value.trim();
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) throw badUrl(setting, 'is no http or https URL');
  const address = splitCredentials(new URL(value));
  address.url.hash = '';
  return address;
}

// A query can hold a token: it is part of the address, but not of the name.
function nameOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function badUrl(setting: Setting, what: string): UserError {
  return new UserError('E_BAD_INDEX_URL', `"${hidden(setting.value)}" of ${setting.setBy} ${what}`, {
    exit: EXIT.config,
    hint: 'an index is named by the URL of its simple repository interface, for example https://index.test/simple/',
  });
}

// What is no URL cannot be taken apart as one: everything before the last "@" may be a password.
function hidden(text: string): string {
  const line = oneLine(text).replace(/[?#].*$/s, '');
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(line)?.[0] ?? '';
  const at = line.lastIndexOf('@');
  return at < 0 ? line : `${scheme}***${line.slice(at)}`;
}

function withoutRepetition(sources: readonly IndexSource[]): readonly IndexSource[] {
  const keys = new Set<string>();
  return sources.filter((source) => {
    const key = source.kind === 'folder' ? `folder ${source.path}` : source.id;
    const isNew = !keys.has(key);
    keys.add(key);
    return isNew;
  });
}
