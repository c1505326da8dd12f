import { describe, expect, it } from 'vitest';
import type { Note } from '../../src/base/note.ts';
import type { SimpleSource } from '../../src/index/index-source.ts';
import { projectInfo } from '../../src/index/project-json.ts';
import { type FakeAnswer, fakeHttp } from './support/fake-http.ts';

const source: SimpleSource = {
  kind: 'simple',
  id: 'x',
  name: 'A',
  url: 'https://a.test/team/simple/',
  credentials: null,
  setBy: '--index-url',
};

async function ask(answer: FakeAnswer, from = source) {
  const notes: Note[] = [];
  const http = fakeHttp({ 'https://a.test/team/pypi/toolz/json': answer });
  const info = await projectInfo('toolz', { source: from, http, onNote: (note) => notes.push(note) });
  return { info, notes: notes.map(({ text }) => text), requests: http.requests.length };
}

describe('projectInfo', () => {
  it('reads what only the JSON of a project has', async () => {
    const { info } = await ask({
      body: {
        info: {
          version: '1.0',
          summary: 'Tools',
          home_page: '',
          license: null,
          license_expression: 'BSD-3-Clause',
          project_urls: { Homepage: 'https://toolz.test' },
          requires_dist: ['stale'],
        },
        releases: {},
        vulnerabilities: [{ id: 'PYSEC-1', aliases: ['CVE-1'], fixed_in: ['1.1'], summary: null, link: 'x' }],
      },
    });

    expect(info).toEqual({
      version: '1.0',
      summary: 'Tools',
      homePage: null,
      license: null,
      licenseExpression: 'BSD-3-Clause',
      projectUrls: [{ label: 'Homepage', url: 'https://toolz.test' }],
      vulnerabilities: [{ id: 'PYSEC-1', aliases: ['CVE-1'], fixedIn: ['1.1'], summary: null }],
    });
  });

  it.each<[string, FakeAnswer, string[]]>([
    ['the index does not have it', { status: 404 }, []],
    ['it is forbidden', { status: 403 }, ['A gives no project information on toolz: HTTP 403']],
    [
      'it is something else',
      { body: '<html>' },
      ['A gives no project information on toolz: the answer is no project information'],
    ],
  ])('is null when %s, without ending the run', async (_, answer, notes) => {
    expect(await ask(answer)).toMatchObject({ info: null, notes });
  });

  it('asks nothing beside an index at another kind of address', async () => {
    expect(await ask({}, { ...source, url: 'https://a.test/team/+simple/' })).toMatchObject({
      info: null,
      requests: 0,
    });
  });

  it('asks for one release, and leaves out what was withdrawn', async () => {
    const known = { id: 'PYSEC-1', aliases: [], fixed_in: [], summary: null, withdrawn: null };
    const vulnerabilities = [known, { ...known, id: 'PYSEC-2', withdrawn: '2025-01-01T00:00:00Z' }];
    const http = fakeHttp({
      'https://a.test/team/pypi/toolz/1!2.0%2Blocal/json': {
        body: { info: { version: '1!2.0+local' }, vulnerabilities },
      },
    });
    const info = await projectInfo('toolz', { source, http, onNote: () => {}, version: '1!2.0+local' });
    expect(info?.vulnerabilities.map(({ id }) => id)).toEqual(['PYSEC-1']);
  });
});
