/** The files of a repository that say the same in all: text by path. */
export const STANDING_FILES: ReadonlyMap<string, string> = new Map([
  [
    '.gitignore',
    `# results of nix-build
result
result-*
# what only a run of pypi2nix needs
.pypi2nix/lock*
.pypi2nix/tmp*
`,
  ],
  [
    'README.md',
    `# Python packages for Nix

pypi2nix keeps this repository.

| file | what it is |
|---|---|
| \`pypi2nix.toml\` | what is wanted: edit it, or use \`pypi2nix add\` and \`pypi2nix remove\` |
| \`pylock.toml\` | what was resolved for it; pip and uv read it too |
| \`default.nix\` | each package by its name, a set of them for each interpreter (\`python313\`), and an environment beside it (\`python313Env\`) |
| \`overlay.nix\` | the packages as an overlay of a Python package set |
| \`shell.nix\` | a shell with what is asked for |
| \`flake.nix\`, \`release.nix\` | the same as a flake, and as a jobset of Hydra |
| \`pkgs/NAME/default.nix\` | one expression a package, in the form that nixpkgs uses |
| \`overrides/NAME.toml\` | what no metadata says |
| \`.pypi2nix/\` | what was generated last, so that edits by hand are kept; it belongs under version control too |

    nix-shell                                   # a shell with what is asked for
    nix-build -A NAME                           # build one package
    pypi2nix add 'celery[redis]>=5' ./project   # ask for more
    pypi2nix remove NAME                        # ask for less
    pypi2nix regenerate                         # write all expressions again

All files may be edited by hand. When the expressions are written again, edits are kept; where one meets a change,
the file stays as it is, and what would stand there is laid beside it with the ending \`.pypi2nix-new\`.
`,
  ],
]);
