import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { evaluateNix } from '../nix/support/nix.ts';
import { describeWithNix, STAND_IN } from '../support/nix.ts';

const CHECKER = fileURLToPath(new URL('../../scripts/support/evaluate-corpus.nix', import.meta.url));

function overlay(formals: string, attributes: string): string {
  return `final: prev: {
    press = final.callPackage (
      { buildPythonPackage, fetchPypi, ${formals} }:
      buildPythonPackage rec {
        pname = "press";
        version = "1.0";
        pyproject = true;
        src = fetchPypi { inherit pname version; hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="; };
        ${attributes}
      }
    ) { };
  }`;
}

function evaluated(files: Readonly<Record<string, string>>): Promise<unknown> {
  const names = Object.keys(files);
  return evaluateNix(
    `import ${CHECKER} {
      standIn = ${JSON.stringify(STAND_IN)};
      files = { ${names.map((name) => `${name} = ./${name}.nix;`).join(' ')} };
      pythonNames = [ "setuptools" "six" "dask" ];
      helperNames = [ "buildPythonPackage" "fetchPypi" "pytestCheckHook" ];
      systemNames = [ "zlib" "libpq.pg_config" "odd" ];
      extras = [ "array" ];
    }`,
    { files: new Map(names.map((name) => [`${name}.nix`, files[name] ?? ''])) },
  );
}

describeWithNix('evaluating against the names of a package set', () => {
  it('tells of each package what it takes and nothing has, and what the others are made of', async () => {
    const value = await evaluated({
      good: overlay(
        'setuptools, six, dask, zlib, libpq, odd, pytestCheckHook',
        `disabled = true;
        build-system = [ setuptools ];
        buildInputs = [ zlib odd libpq.pg_config ];
        dependencies = [ six dask ] ++ dask.optional-dependencies.array;
        optional-dependencies.more = [ six ];`,
      ),
      bad: overlay('six, seven, zlab', 'dependencies = [ six seven ];'),
    });
    expect(value).toMatchObject({
      bad: { unknown: { press: ['seven', 'zlab'] }, made: null },
      good: { unknown: {}, made: { press: { pname: 'press', extras: { more: ['six'] } } } },
    });
  });

  it('fails where an extra or a test input cannot be had', async () => {
    const missing = overlay('dask', 'optional-dependencies.more = dask.optional-dependencies.none;');
    await expect(evaluated({ missing })).rejects.toThrow("attribute 'none' missing");
  });
});
