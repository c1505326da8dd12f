import { gzipSync, strToU8, zipSync } from 'fflate';
import { makeTar, sha256Of } from '../../support/archives.ts';
import type { MadeUpFile } from '../../support/made-up-index.ts';

/** What goes into a made-up release. */
export interface ReleaseParts {
  /** Lines of the core metadata beyond name and version, for example `Requires-Dist: six`. */
  readonly metadata?: readonly string[];
  /** `requires` of pyproject.toml; default: setuptools. */
  readonly buildRequires?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

/** An sdist whose bytes are the same with every version of Node, so that its digest can stand in golden files. */
export async function sdist(name: string, version: string, parts: ReleaseParts = {}): Promise<MadeUpFile> {
  const module = name.replaceAll('-', '_');
  const root = `${module}-${version}`;
  const requires = JSON.stringify(parts.buildRequires ?? ['setuptools']);
  const files = {
    'PKG-INFO': metadata(name, version, parts.metadata),
    'pyproject.toml': `[build-system]\nrequires = ${requires}\nbuild-backend = "setuptools.build_meta"\n`,
    [`${module}/__init__.py`]: '',
    ...parts.files,
  };
  const tar = await makeTar(Object.entries(files).map(([path, content]) => ({ path: `${root}/${path}`, content })));
  return { filename: `${root}.tar.gz`, bytes: gzipSync(tar, { mtime: 0 }) };
}

/** A wheel, pure unless a tag says otherwise. */
export function wheel(
  name: string,
  version: string,
  {
    lines = [],
    tag = 'py3-none-any',
    entryPoints,
  }: { readonly lines?: readonly string[]; readonly tag?: string; readonly entryPoints?: string } = {},
): MadeUpFile {
  const module = name.replaceAll('-', '_');
  const info = `${module}-${version}.dist-info`;
  const files = {
    [`${module}/__init__.py`]: '',
    [`${info}/METADATA`]: metadata(name, version, lines),
    ...(entryPoints === undefined ? {} : { [`${info}/entry_points.txt`]: entryPoints }),
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
    [`${info}/RECORD`]: `${module}/__init__.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`,
  };
  const entries = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]));
  return { filename: `${module}-${version}-${tag}.whl`, bytes: zipSync(entries, { mtime: new Date(1980, 0, 1) }) };
}

/** The project that most stories are about: it needs `saucer`, which no package set has, and six, which all have. */
export async function kettle(version = '1.0'): Promise<MadeUpFile> {
  return sdist('made-up-kettle', version, {
    metadata: [
      'Summary: Boils water.',
      'Home-page: https://kettle.test/',
      'Requires-Dist: made-up-saucer>=1',
      'Requires-Dist: six',
      'Requires-Dist: exceptiongroup; python_version < "3.13"',
      'Requires-Dist: colorama; sys_platform == "darwin"',
      'Provides-Extra: yaml',
      'Requires-Dist: pyyaml; extra == "yaml"',
      'Provides-Extra: json',
      'Requires-Dist: simplejson; extra == "json"',
    ],
    files: { 'tests/test_kettle.py': 'import pytest\n\ndef test_kettle():\n    pass\n' },
  });
}

/** A project for old releases of nixpkgs: all that it needs was there then, but for `saucer`. */
export async function pot(): Promise<MadeUpFile> {
  return sdist('made-up-pot', '1.0', {
    metadata: ['Summary: Holds coals.', 'Requires-Dist: made-up-saucer', 'Requires-Dist: six'],
    files: { 'tests/test_pot.py': 'import pytest\n\ndef test_pot():\n    pass\n' },
  });
}

export async function saucer(version = '1.0'): Promise<MadeUpFile> {
  return sdist('made-up-saucer', version, { metadata: ['Summary: Catches drops.'] });
}

/** Text of a simple HTML page (PEP 503) with links to files by their addresses. */
export function htmlPage(files: readonly { readonly file: MadeUpFile; readonly address: string }[]): string {
  const links = files.map(
    ({ file, address }) => `<a href="${address}#sha256=${sha256Of(file.bytes)}">${file.filename}</a><br/>`,
  );
  return `<!DOCTYPE html>\n<html><body>\n${links.join('\n')}\n</body></html>\n`;
}

function metadata(name: string, version: string, lines: readonly string[] = []): string {
  const head = ['Metadata-Version: 2.2', `Name: ${name}`, `Version: ${version}`, 'License-Expression: MIT'];
  return `${[...head, ...lines].join('\n')}\n`;
}
