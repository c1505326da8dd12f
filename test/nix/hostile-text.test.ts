import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialectFor } from '../../src/nix/dialect.ts';
import { escapeIndented, escapeString } from '../../src/nix/escape.ts';
import { assign, indented, relativePath, set, string } from '../../src/nix/expression.ts';
import { printExpression, printFile } from '../../src/nix/print.ts';
import { singleFile } from '../../src/nix/single-file.ts';
import { describeWithNix } from '../support/nix.ts';
import { packageFacts, toPrint } from './support/facts.ts';
import { evaluateNix } from './support/nix.ts';

/** Texts that have a meaning in Nix, in comments, or for the eye. */
const HOSTILE = [
  ...['"', '\\', '\\"', "''", "'''", "''${", "''\\", '${', '$${', '$$${', '${builtins.abort "x"}', '"; abort "x'],
  ...['\n', '\r', '\r\n', '\t', '*/', '/* ', '# ', '\n}; evil = 1; {', "''; evil = 1; x = ''"],
  ...['\u0001', '\u001b[31m', '\u007f', '\u0085', '\u061c', '\u200b', '\u202e', '\u2066 x \u2069', '\u2028', '\ufeff'],
  ...['$\u202e{x}', "'\u202e'", '\\\u202e', '\u202e\u202e', '$\u0007', 'é', '😀', 'ﬃ', '{', '}', ''],
];
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    ),
    {
      maxLength: 8,
    },
  )
  .map((pieces) => pieces.join('').replaceAll('\0', ''))
  .filter((value) => !/\p{Surrogate}/u.test(value));
const SAMPLES = [...HOSTILE, ...fc.sample(text, { numRuns: 400, seed: 23 })];

/** What no file that this program prints may hold, wherever it comes from. */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

/** A package whose every text is the given one, as far as that place takes any. */
function hostilePackage(hostile: string, name: string) {
  return toPrint(
    packageFacts({
      name,
      source: {
        kind: 'git',
        url: hostile,
        rev: 'a'.repeat(40),
        reference: hostile,
        hash: null,
        isDefaultBranch: false,
        hasSubmodules: false,
        subdirectory: hostile,
      },
      env: { FLAGS: [hostile, { attribute: 'zlib', output: 'lib' }, hostile] },
      text: { postPatch: [hostile, { attribute: 'zlib', output: 'dev' }, hostile] },
      importsCheck: [hostile],
      disabledTests: [{ test: hostile, reason: hostile }],
      check: { runner: 'pytest', enabled: false, reason: hostile, elsewhere: true },
      relaxDeps: [hostile],
      reasons: { src: hostile, postPatch: hostile, env: hostile, pythonImportsCheck: hostile },
      omissions: [{ list: 'dependencies', name: hostile, reason: hostile }],
      optionalDependencies: { [hostile]: [] },
      meta: {
        description: hostile,
        homepage: hostile,
        changelog: hostile,
        licences: [{ text: hostile }],
        mainProgram: hostile,
      },
    }),
  );
}

const dialect = dialectFor('24.11');

function fileOf(samples: readonly string[]): string {
  return singleFile(
    samples.map((each, index) => hostilePackage(each, `p${index}`)),
    {
      dialect,
      header: {
        program: 'pypi2nix',
        command: samples.join(' '),
        namesFrom: samples.join(' '),
        notChecked: samples,
        onlyFor: samples.join(' '),
        use: ['p0'],
      },
    },
  ).text;
}

describe('hostile text', () => {
  it('never leaves characters in a file that a reader does not see', () => {
    expect(UNSEEN.exec(fileOf(SAMPLES))).toBeNull();
    for (const each of SAMPLES) expect(UNSEEN.exec(escapeString(each))).toBeNull();
    for (const each of SAMPLES) expect(UNSEEN.exec(escapeIndented(each))).toBeNull();
  });

  it.each([
    ['a mark that turns the direction of text', 'a\u202eb', '"a${builtins.fromJSON "\\"\\\\u202e\\""}b"'],
    ['a dollar before it', '$\u202e{x}', '"\\$${builtins.fromJSON "\\"\\\\u202e\\""}{x}"'],
    ['the escape of terminals', '\u001b[2J', '"${builtins.fromJSON "\\"\\\\u001b\\""}[2J"'],
  ])('with %s has its number', (_, hostile, printed) => {
    expect(printExpression(string(hostile))).toBe(`${printed}\n`);
  });

  it('stays in its comment', () => {
    const lines = printFile(
      ['a\n*/ evil', 'b\r\u2028 c'],
      set([assign('x', string('y'), { comments: ['# \n}; evil'] })]),
    );
    expect(lines).toBe('# a */ evil\n# b c\n{\n  # # }; evil\n  x = "y";\n}\n');
  });
});

describeWithNix('hostile text in Nix', () => {
  it('comes back the same from every kind of text, and from paths', async () => {
    const printed = SAMPLES.map((each) =>
      printExpression(
        set([
          assign('string', string(each)),
          assign('lines', indented(`${each}\n`)),
          assign(['names', each], string(each)),
        ]),
      ),
    );
    const paths = SAMPLES.map((each) =>
      printExpression(relativePath(`sources/${each.replaceAll('/', '_')}`, 'source')),
    );
    const value = await evaluateNix(
      `{
      texts = [ ${printed.map((each) => `(${each})`).join('\n')} ];
      paths = map (path: let builtins = { path = { path, ... }: toString path; fromJSON = (import ./json.nix); }; in path builtins) [
        ${paths.map((each) => `(builtins: let inherit (builtins) fromJSON; in toString (${each}))`).join('\n')}
      ];
    }`,
      { files: new Map([['json.nix', 'builtins.fromJSON']]) },
    );
    const { texts, paths: read } = value as { texts: unknown[]; paths: string[] };
    expect(texts).toEqual(SAMPLES.map((each) => ({ string: each, lines: `${each}\n`, names: { [each]: each } })));
    const expected = SAMPLES.map((each) => each.replaceAll('/', '_')).map((each) =>
      ['sources', ...(each === '' || each === '.' ? [] : [each])].join('/'),
    );
    expect(read.map((path) => path.slice(path.indexOf('sources')))).toEqual(expected);
  });

  it('comes back the same from every attribute of a package', async () => {
    const value = await evaluateNix(
      `let
        overlay = import ./python-packages.nix;
        callPackage = f: arguments: f (builtins.intersectAttrs (builtins.functionArgs f) available);
        available = {
          buildPythonPackage = attrs: removeAttrs attrs [ "passthru" "nativeCheckInputs" "src" ] // { inherit (attrs) src; };
          lib = { licenses = { }; getLib = x: "lib"; getDev = x: "dev"; };
          fetchgit = x: x;
          zlib = "zlib";
          pytestCheckHook = "hook";
        } // names;
        names = builtins.mapAttrs (_: _: { overridePythonAttrs = _: null; }) (overlay { inherit callPackage; } { });
      in
      builtins.attrValues (builtins.mapAttrs (_: each: {
        inherit (each) postPatch env pythonImportsCheck pythonRelaxDeps optional-dependencies sourceRoot;
        meta = each.meta or { };
      }) (overlay { inherit callPackage; } { }))`,
      {
        files: new Map([
          [
            'python-packages.nix',
            fileOf(SAMPLES)
              .replaceAll('builtins.fetchGit', 'fetchgit')
              .replaceAll('buildPythonPackage,', 'buildPythonPackage, fetchgit,'),
          ],
        ]),
      },
    );
    const order = SAMPLES.map((_, index) => `p${index}`).sort();
    const read = value as { readonly [key: string]: unknown }[];
    const sample = (index: number): string => SAMPLES[Number(order[index]?.slice(1))] ?? '';
    expect(read.map(({ env }) => env)).toEqual(
      read.map((_, index) => ({ FLAGS: `${sample(index)}lib${sample(index)}` })),
    );
    expect(read.map(({ postPatch }) => postPatch)).toEqual(
      read
        .map((_, index) => `${sample(index)}dev${sample(index)}`)
        .map((each) => (each.endsWith('\n') ? each : `${each}\n`)),
    );
    for (const name of ['pythonImportsCheck', 'pythonRelaxDeps'])
      expect(read.map((each) => each[name])).toEqual(read.map((_, index) => [sample(index)]));
    expect(read.map((each) => each['optional-dependencies'])).toEqual(
      read.map((_, index) => ({ [sample(index)]: [] })),
    );
    expect(read.map(({ sourceRoot }) => sourceRoot)).toEqual(read.map((_, index) => `source/${sample(index)}`));
  });
});
