import os from 'node:os';
import path from 'node:path';
import type { Note } from '../base/note.ts';
import type { ProgressSink } from '../base/progress.ts';
import { cacheDirectory } from '../cache/cache-directory.ts';
import { readShippedLayer } from '../cache/shipped-layer.ts';
import { type CacheStore, createCacheStore } from '../cache/store.ts';
import { defaultIndexUrl } from '../index/default-index.ts';
import { createIndexClient, type IndexClient } from '../index/index-client.ts';
import { credentialUrls, type IndexSource } from '../index/index-source.ts';
import { pipConfPaths } from '../index/pip-conf.ts';
import { readPipConf } from '../index/read-pip-conf.ts';
import { indexSettings } from '../index/settings.ts';
import { credentialsFrom } from '../net/credentials.ts';
import { createHttpClient, type HttpClient } from '../net/http-client.ts';
import { readNetrc } from '../net/netrc.ts';
import { offlineClient } from '../net/offline-client.ts';
import type { ResolvingOptions } from './options.ts';
import { packageRoot } from './package-root.ts';
import { VERSION } from './version.ts';

/** What a command takes from the process. */
export interface CommandContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory, absolute. */
  readonly directory: string;
  readonly onProgress: ProgressSink;
  /** The command line; missing: the command was not called by one. */
  readonly arguments?: readonly string[];
  /** In place of the user's cache and the shipped one: recording looks at what a run keeps. */
  readonly cache?: CacheStore;
  /** Takes the notes of the run as they come, so that a run that fails can show them. */
  readonly notes?: Note[];
}

/** The outside of a run: indexes, network and cache, and the notes that they leave. */
export interface World {
  readonly http: HttpClient;
  readonly index: IndexClient;
  /** Names of the indexes in the order in which they are asked, without credentials. */
  readonly indexNames: readonly string[];
  /** The indexes in this order. */
  readonly sources: readonly IndexSource[];
  readonly cache: CacheStore;
  readonly notes: Note[];
  close(): Promise<void>;
}

/** Opens the indexes that options, environment and pip's configuration name. Throws UserError for settings that are no addresses. */
export async function openWorld(options: ResolvingOptions, context: CommandContext): Promise<World> {
  const { environment } = context;
  const home = environment.HOME ?? os.homedir();
  const notes = context.notes ?? [];
  const onNote = (note: Note): void => {
    notes.push(note);
  };
  const indexes = indexSettings({
    options: {
      indexUrl: options.indexUrl ?? undefined,
      extraIndexUrls: options.extraIndexUrls,
      findLinks: options.findLinks,
      noIndex: options.noIndex,
    },
    environment,
    pipConf: await readPipConf(pipConfPaths({ environment, home, platform: process.platform })),
    defaultIndex: await defaultIndexUrl(),
    workingDirectory: context.directory,
    home,
  });
  const cache =
    context.cache ??
    createCacheStore({
      folder: cacheDirectory(environment),
      shipped: options.offline ? [readShippedLayer(path.join(packageRoot(), 'cache'))] : [],
      onNote,
    });
  const http = options.offline ? offlineClient() : await onlineClient(indexes, { options, context, onNote });
  const index = createIndexClient({
    indexes,
    http,
    cache,
    now: Date.now,
    refresh: options.refresh,
    offline: options.offline,
    onNote,
  });
  const close = async (): Promise<void> => {
    await Promise.all([http.close(), cache.settled()]);
  };
  const indexNames = indexes.map(({ name }) => name);
  return { http, index, indexNames, sources: indexes, cache, notes, close };
}

async function onlineClient(
  indexes: readonly IndexSource[],
  { options, context, onNote }: { options: ResolvingOptions; context: CommandContext; onNote: (note: Note) => void },
): Promise<HttpClient> {
  const { environment, onProgress } = context;
  // It brings TLS and decompression, which a run without network can do without.
  const { undiciFetch } = await import('../net/undici-fetch.ts');
  return createHttpClient({
    ...undiciFetch({ environment }),
    userAgent: `pypi2nix/${VERSION}`,
    concurrencyPerHost: options.jobs,
    credentialsFor: credentialsFrom({ urls: credentialUrls(indexes), netrc: await readNetrc(environment, onNote) }),
    onProgress,
  });
}
