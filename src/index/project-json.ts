import * as v from 'valibot';
import type { Note } from '../base/note.ts';
import { UserError } from '../base/user-error.ts';
import type { HttpClient } from '../net/http-client.ts';
import type { SimpleSource } from './index-source.ts';

const Text = v.fallback(v.optional(v.nullable(v.string()), null), null);

const InfoSchema = v.object({
  info: v.object({
    version: v.string(),
    summary: Text,
    home_page: Text,
    license: Text,
    license_expression: Text,
    project_urls: v.fallback(v.optional(v.nullable(v.record(v.string(), v.string())), null), null),
  }),
  vulnerabilities: v.fallback(
    v.optional(
      v.array(
        v.object({
          id: v.string(),
          aliases: v.fallback(v.optional(v.array(v.string()), []), []),
          fixed_in: v.fallback(v.optional(v.array(v.string()), []), []),
          summary: Text,
          withdrawn: Text,
        }),
      ),
      [],
    ),
    [],
  ),
});

/** What only the JSON of a project says; about its newest release, as the index understands it. Requirements are left out: they can be stale there. */
export interface ProjectInfo {
  readonly version: string;
  readonly summary: string | null;
  readonly homePage: string | null;
  readonly license: string | null;
  readonly licenseExpression: string | null;
  readonly projectUrls: readonly { readonly label: string; readonly url: string }[];
  readonly vulnerabilities: readonly Vulnerability[];
}

export interface Vulnerability {
  readonly id: string;
  readonly aliases: readonly string[];
  /** Versions as the index spells them. */
  readonly fixedIn: readonly string[];
  readonly summary: string | null;
}

const INFO_LIMIT = 64 * 1024 * 1024;

/**
 * The project's JSON (`…/pypi/NAME/json` beside an index at `…/simple/`) for what the simple interface does not have; with `version` that of one release
 * (`…/pypi/NAME/VERSION/json`), whose vulnerabilities are those of this version.
 * Null when the index has no such address or does not know the project. It is optional knowledge: a failure is a note and null.
 */
export async function projectInfo(
  name: string,
  options: {
    readonly source: SimpleSource;
    readonly http: HttpClient;
    readonly onNote: (note: Note) => void;
    /** PEP 440 normal form. */
    readonly version?: string;
  },
): Promise<ProjectInfo | null> {
  const url = projectJsonUrl(options.source.url, name, options.version);
  if (url === null) return null;
  const failed = (why: string): null => {
    options.onNote({
      kind: 'unknown',
      text: `${options.source.name} gives no project information on ${name}: ${why}`,
      project: name,
    });
    return null;
  };
  try {
    const response = await options.http.get({
      url,
      what: `the project information of ${name}`,
      accept: 'application/json',
    });
    if (response.status !== 200) {
      await response.discard();
      return response.status === 404 || response.status === 410 ? null : failed(`HTTP ${response.status}`);
    }
    return decodeProjectInfo(await response.text(INFO_LIMIT)) ?? failed('the answer is no project information');
  } catch (error) {
    if (error instanceof UserError) return failed(error.message);
    throw error;
  }
}

/** Decodes the project's JSON; null when the text is none. */
export function decodeProjectInfo(text: string): ProjectInfo | null {
  const decoded = v.safeParse(InfoSchema, parsedOrNull(text));
  if (!decoded.success) return null;
  const { info, vulnerabilities } = decoded.output;
  return {
    version: info.version,
    summary: info.summary || null,
    homePage: info.home_page || null,
    license: info.license || null,
    licenseExpression: info.license_expression || null,
    projectUrls: Object.entries(info.project_urls ?? {}).map(([label, url]) => ({ label, url })),
    // One that was withdrawn was none.
    vulnerabilities: vulnerabilities
      .filter(({ withdrawn }) => withdrawn === null)
      .map(({ id, aliases, fixed_in, summary }) => ({ id, aliases, fixedIn: fixed_in, summary })),
  };
}

function projectJsonUrl(simpleUrl: string, name: string, version?: string): string | null {
  const url = new URL(simpleUrl);
  if (!url.pathname.endsWith('/simple/')) return null;
  url.pathname = `${url.pathname.slice(0, -'simple/'.length)}pypi/${name}/${version === undefined ? '' : `${encodeURIComponent(version)}/`}json`;
  return url.href;
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
