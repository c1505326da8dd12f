import { onTestFinished } from 'vitest';
import type { Note } from '../../../../src/base/note.ts';
import { UserError } from '../../../../src/base/user-error.ts';
import type { IndexFile } from '../../../../src/index/project-page.ts';
import { createWheelReader, type WheelReader } from '../../../../src/metadata/wheel/wheel-metadata.ts';
import { createHttpClient } from '../../../../src/net/http-client.ts';
import { type Answer, startServer, type TestServer } from '../../../support/http-server.ts';
import { listed, type MadeWheel } from './wheels.ts';

/** A reader before a server of its own. */
export interface Reading {
  readonly server: TestServer;
  readonly reader: WheelReader;
  readonly notes: readonly Note[];
  /** Puts a wheel on the server; gives it as an index lists it. */
  serve(wheel: MadeWheel, answer?: Answer, parts?: Partial<IndexFile>): IndexFile;
  /** Puts the metadata file beside it; by default the true one. */
  serveMetadata(wheel: MadeWheel, ...answers: readonly Answer[]): void;
  /** The paths that were asked for in order, those of parts of files as `PATH FROM-TO`. */
  asked(): string[];
  /** The notes as `kind: text`, with the server's address as HOST. */
  noted(): string[];
  /** Code, exit code and message of what an action throws. */
  fault(action: Promise<unknown>): Promise<string>;
}

export async function startReading(options: { readonly retries?: number } = {}): Promise<Reading> {
  const server = await startServer();
  const retry = { retries: options.retries ?? 2, sleep: async () => undefined };
  const http = createHttpClient({ fetch, userAgent: 'pypi2nix/test', ...retry });
  const notes: Note[] = [];
  const host = new URL(server.url).host;
  onTestFinished(async () => {
    await http.close();
    await server.close();
  });
  return {
    server,
    notes,
    reader: createWheelReader({ http, retry, onNote: (note) => notes.push(note) }),
    serve(wheel, answer = { ranges: true }, parts = {}) {
      server.on(`/${wheel.filename}`, { body: wheel.bytes, ...answer });
      return listed(server.url, wheel, parts);
    },
    serveMetadata(wheel, ...answers) {
      const path = `/${wheel.filename}.metadata`;
      server.on(path, ...(answers.length === 0 ? [{ body: wheel.metadata }] : answers));
    },
    asked: () =>
      server.requests.map(({ path, headers }) =>
        headers.range === undefined ? path : `${path} ${String(headers.range).replace('bytes=', '')}`,
      ),
    noted: () => notes.map(({ kind, text }) => `${kind}: ${text.replaceAll(host, 'HOST')}`),
    async fault(action) {
      try {
        await action;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return `${error.code} ${error.exit}: ${error.message.replaceAll(host, 'HOST')}`;
      }
      return 'no fault';
    },
  };
}
