import { describe, expect, it } from 'vitest';
import { largeRequest, startLargeIndex } from '../../bench/support/large-index.ts';
import { decodeSimpleJson } from '../../src/index/simple-json.ts';
import { parseCoreMetadata } from '../../src/pep/core-metadata.ts';

const SIZE = { projects: 1000, versions: 3 };

describe('the made-up index', () => {
  it('has pages with the metadata of each wheel beside it', async () => {
    const index = await startLargeIndex(SIZE);
    try {
      const url = `${index.url}p7/`;
      const page = decodeSimpleJson(await (await fetch(url)).text(), { project: 'p7', url });
      const [file] = page.files;
      const metadata = parseCoreMetadata(await (await fetch(`${file?.url}.metadata`)).text());

      expect(page.files.map(({ version }) => version)).toEqual(['1.0', '1.1', '1.2']);
      expect(metadata).toMatchObject({ name: 'p7', version: '1.0' });
      expect(metadata.requiresDist).toHaveLength(4);
      expect((await fetch(`${index.url}p1000x/`)).status).toBe(404);
    } finally {
      await index.close();
    }
  });

  it('is asked for projects from all of it', () => {
    expect(largeRequest(4, SIZE)).toEqual(['p0', 'p250', 'p500', 'p750']);
  });
});
