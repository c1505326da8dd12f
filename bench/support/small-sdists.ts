import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import type { ServedSdist } from './loopback-index.ts';

const NEEDS = 3;

/** Sdists `p0`, `p1` and so on, of a pure package with tests each; each needs a few of those after it. */
export async function smallSdists(count: number, version = '1.0'): Promise<readonly ServedSdist[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => smallSdist({ index, count, version })));
}

async function smallSdist({
  index,
  count,
  version,
}: {
  readonly index: number;
  readonly count: number;
  readonly version: string;
}): Promise<ServedSdist> {
  const name = `p${index}`;
  const root = `${name}-${version}`;
  const needs = Array.from({ length: NEEDS }, (_, each) => index + 1 + each * 7).filter((other) => other < count);
  const metadata = [
    'Metadata-Version: 2.2',
    `Name: ${name}`,
    `Version: ${version}`,
    `Summary: The made-up project number ${index}`,
    'License-Expression: MIT',
    'Requires-Python: >=3.9',
    'Project-URL: Homepage, https://example.test/',
    ...needs.map((other) => `Requires-Dist: p${other}>=1`),
  ];
  const files = {
    'PKG-INFO': `${metadata.join('\n')}\n`,
    'pyproject.toml': '[build-system]\nrequires = ["setuptools>=61"]\nbuild-backend = "setuptools.build_meta"\n',
    [`src/${name}/__init__.py`]: '"""Made up."""\n',
    [`src/${name}/core.py`]: 'def answer():\n    return 42\n',
    [`tests/test_${name}.py`]: `import pytest\n\nimport ${name}\n\n\ndef test_it():\n    assert ${name}\n`,
  };
  const pack = tar.pack();
  for (const [file, content] of Object.entries(files)) pack.entry({ name: `${root}/${file}` }, content);
  pack.finalize();
  const bytes = gzipSync(await buffer(pack));
  return {
    name,
    filename: `${root}.tar.gz`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    open: () => Readable.from([bytes]),
  };
}
