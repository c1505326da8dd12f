import { describe, expect, it } from 'vitest';
import { dialectFor } from '../../src/nix/dialect.ts';
import { repositoryFiles } from '../../src/nix/repository-files.ts';
import { packageFacts, python, system, toPrint } from './support/facts.ts';

const PACKAGES = [
  packageFacts({ name: 'toolz', importsCheck: ['toolz'], inputs: { 'build-system': [python('setuptools')] } }),
  packageFacts({ name: 'lxml', inputs: { buildInputs: [system('libxslt'), system('libxml2'), system('zlib')] } }),
];

describe('a repository in the form of 24.05', () => {
  const { files } = repositoryFiles(
    PACKAGES.map((facts) => toPrint(facts)),
    { dialect: dialectFor('24.05'), pythons: ['3.13', '3.12'], topPython: null },
  );

  it('has a file for each package, an overlay and a default', () => {
    expect([...files.keys()]).toEqual([
      'default.nix',
      'overlay.nix',
      'pkgs/lxml/default.nix',
      'pkgs/toolz/default.nix',
    ]);
  });

  it('has packages in the form that nixpkgs uses', () => {
    expect(files.get('pkgs/toolz/default.nix')).toBe(`{
  buildPythonPackage,
  fetchPypi,

  # build-system
  setuptools,
}:

buildPythonPackage rec {
  pname = "toolz";
  version = "1.0";
  pyproject = true;

  src = fetchPypi {
    inherit pname version;
    hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  };

  build-system = [ setuptools ];

  pythonImportsCheck = [ "toolz" ];
}
`);
  });

  it('passes libraries that share their name with a Python package at the call', () => {
    expect(files.get('pkgs/lxml/default.nix')).toContain('  # native libraries\n  libxml2,\n  libxslt,\n  zlib,\n}:');
    expect(files.get('overlay.nix')).toBe(`final: prev: {
  lxml = final.callPackage ./pkgs/lxml { inherit (final.pkgs) libxml2 libxslt; };
  toolz = final.callPackage ./pkgs/toolz { };
}
`);
  });

  it('has a default with the packages of python3 and of each interpreter that nixpkgs has', () => {
    expect(files.get('default.nix')).toBe(`{
  pkgs ? import <nixpkgs> { },
}:

let
  # the packages of this folder, for one interpreter
  packagesOf =
    python:
    let
      set = (python.override { packageOverrides = import ./overlay.nix; }).pkgs;
    in
    {
      inherit (set) lxml toolz;
    };
in
packagesOf pkgs.python3
// pkgs.lib.optionalAttrs (pkgs ? python312) { python312 = packagesOf pkgs.python312; }
// pkgs.lib.optionalAttrs (pkgs ? python313) { python313 = packagesOf pkgs.python313; }
`);
  });

  it('has at its top the packages of the interpreter that the user named', () => {
    const options = { dialect: dialectFor('24.05'), pythons: ['3.12'], topPython: '3.12' };
    expect(repositoryFiles([toPrint(packageFacts())], options).files.get('default.nix')).toContain(
      'packagesOf pkgs.python312\n',
    );
  });

  it('refuses a name that is none, for it would become a path', () => {
    const options = { dialect: dialectFor('24.05'), pythons: ['3.12'], topPython: null };
    expect(() => repositoryFiles([toPrint(packageFacts({ name: '../x' }))], options)).toThrow('no PEP 503 name');
  });
});

describe('a repository in the form of 16.03', () => {
  const { files } = repositoryFiles(
    PACKAGES.map((facts) => toPrint(facts)),
    { dialect: dialectFor('16.03'), pythons: ['3.5', '2.7'], topPython: null },
  );

  it('has no overlay, and builds its sets on those of nixpkgs', () => {
    expect([...files.keys()]).toEqual(['default.nix', 'pkgs/lxml/default.nix', 'pkgs/toolz/default.nix']);
    expect(files.get('default.nix')).toBe(`{
  pkgs ? import <nixpkgs> { },
}:

let
  # the packages of this folder, on one package set
  packagesOf =
    pythonPackages:
    let
      callPackage = pkgs.lib.callPackageWith (pkgs // self // { pythonPackages = self; });
      self = pythonPackages // {
        lxml = callPackage ./pkgs/lxml { inherit (pkgs) libxml2 libxslt; };
        toolz = callPackage ./pkgs/toolz { };
      };
    in
    {
      inherit (self) lxml toolz;
    };
in
packagesOf pkgs.python35Packages
// pkgs.lib.optionalAttrs (pkgs ? python27Packages) { python27 = packagesOf pkgs.python27Packages; }
// pkgs.lib.optionalAttrs (pkgs ? python35Packages) { python35 = packagesOf pkgs.python35Packages; }
`);
  });

  it('has packages as functions too', () => {
    expect(files.get('pkgs/lxml/default.nix')).toBe(`{
  buildPythonPackage,
  fetchurl,

  # native libraries
  libxml2,
  libxslt,
  zlib,
}:

buildPythonPackage rec {
  name = "lxml-\${version}";
  version = "1.0";

  src = fetchurl {
    url = "mirror://pypi/l/lxml/\${name}.tar.gz";
    sha256 = "${'0'.repeat(64)}";
  };

  buildInputs = [
    libxml2
    libxslt
    zlib
  ];
}
`);
  });
});
