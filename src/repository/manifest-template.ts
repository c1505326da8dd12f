import { tomlKey, tomlString } from '../pep/pylock-toml.ts';
import { MANIFEST_OPTIONS, type ManifestOptions } from './manifest-options.ts';

/** The text of a new manifest, with comments that say what can be written there. Options are in the order of the schema. */
export function manifestTemplate(options: ManifestOptions): string {
  const given = new Map<string, unknown>(Object.entries(options));
  const lines = Object.keys(MANIFEST_OPTIONS.entries).flatMap((name) => {
    const value = given.get(name);
    return value === undefined ? [] : [`${tomlKey(name)} = ${tomlValue(value)}`];
  });
  return `# What this repository holds. pypi2nix add and pypi2nix remove change the lists and keep comments and order;
# after an edit by hand, pypi2nix add (without names) resolves again.

# Names with extras, specifiers and markers; folders and archives as ./PATH; NAME @ URL.
requirements = []

# Folders of projects that you work on: shell.nix takes them from their source trees.
develop = []

# Options of pypi2nix that hold here, by their long names: pypi2nix --help lists them. For example:
#   release = "25.05"          the nixpkgs release that expressions are for
#   python = ["3.13", "3.12"]  the interpreters, the first decides versions
#   with-checks = true         generate also what only tests need
[options]
${lines.map((line) => `${line}\n`).join('')}
# Projects that stay at a version or within bounds, and why. For example:
#   numpy = { version = "<2", reason = "our C extension is not ported" }
[pins]
`;
}

function tomlValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => tomlString(String(each))).join(', ')}]`;
  return typeof value === 'boolean' ? String(value) : tomlString(String(value));
}
