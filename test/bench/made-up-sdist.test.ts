import { expect, it } from 'vitest';
import { madeUpSdist } from '../../bench/support/made-up-sdist.ts';
import { readArchive } from '../../src/archive/read-archive.ts';
import { readSdistArchive } from '../../src/cli/release/sdist-archive.ts';

const BYTES = 20e6;

it('the made-up sdist has the size that was asked for and the digest that it states', async () => {
  const sdist = await madeUpSdist('made-up', BYTES);
  const read = await readSdistArchive(sdist.open(), {
    file: {
      kind: 'sdist',
      filename: sdist.filename,
      version: sdist.version,
      url: '',
      sha256: sdist.sha256,
      size: sdist.size,
      requiresPython: null,
      uploadTime: null,
      yanked: null,
      coreMetadata: false,
    },
    project: { name: sdist.name, version: sdist.version },
  });
  expect(read.facts.coreMetadata?.name).toBe('made-up');

  let data = 0;
  for await (const member of readArchive(sdist.open(), { name: sdist.filename })) {
    if (member.path.endsWith('.bin')) data += member.size;
  }
  expect(data).toBe(BYTES);
});
