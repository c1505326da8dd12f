import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

/** A source archive on disk, with what an expression says about it. */
export interface WrittenSdist {
  readonly file: string;
  readonly sha256: string;
}

/** Writes `STEM-VERSION.tar.gz` into a folder; the same files give the same bytes. */
export async function writeSdist(
  folder: string,
  project: string,
  files: Readonly<Record<string, string>>,
): Promise<WrittenSdist> {
  const file = join(folder, `${project}.tar.gz`);
  const archive = pack();
  for (const [path, text] of Object.entries(files)) {
    archive.entry({ name: `${project}/${path}`, mtime: new Date(0), mode: 0o644 }, text);
  }
  archive.finalize();
  await pipeline(archive, createGzip(), createWriteStream(file));
  return {
    file,
    sha256: createHash('sha256')
      .update(await readFile(file))
      .digest('hex'),
  };
}

/**
 * A PEP 517 backend that lies in the sdist and needs nothing: it packs the Python files of `modules` (and what
 * `compile.py` gives, where there is one) into a wheel with the lines of `METADATA` as its metadata.
 */
export function selfBuilt(
  files: Readonly<Record<string, string>>,
  requires: readonly string[] = [],
): Record<string, string> {
  return {
    'pyproject.toml': `[build-system]
requires = ${JSON.stringify(requires)}
build-backend = "backend"
backend-path = ["build_tools"]
`,
    'build_tools/backend.py': BACKEND,
    ...files,
  };
}

const BACKEND = `import os
import sys
import zipfile


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with open("METADATA") as file:
        metadata = file.read()
    fields = dict(line.split(": ", 1) for line in metadata.splitlines())
    label = fields["Name"].replace("-", "_") + "-" + fields["Version"]
    members = {}
    for place, _, names in os.walk("modules"):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                members[os.path.relpath(path, "modules")] = file.read()
    if os.path.exists("compile.py"):
        with open("compile.py") as file:
            scope = {}
            exec(file.read(), scope)
        members.update(scope["members"])
    info = label + ".dist-info/"
    members[info + "METADATA"] = metadata.encode()
    members[info + "WHEEL"] = b"Wheel-Version: 1.0\\nTag: py3-none-any\\n"
    if os.path.exists("entry_points.txt"):
        with open("entry_points.txt", "rb") as file:
            members[info + "entry_points.txt"] = file.read()
    members[info + "RECORD"] = b""
    name = label + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        for path, content in members.items():
            wheel.writestr(path, content)
    return name
`;

/** The lines of a METADATA file. */
export function metadata(name: string, version: string, requires: readonly string[] = []): string {
  const lines = [`Metadata-Version: 2.1`, `Name: ${name}`, `Version: ${version}`];
  return [...lines, ...requires.map((requirement) => `Requires-Dist: ${requirement}`), ''].join('\n');
}
