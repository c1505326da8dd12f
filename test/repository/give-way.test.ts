import { describe, expect, it } from 'vitest';
import { giveWay, listsOf } from '../../src/repository/give-way.ts';

const GENERATED = `{
  lib,
  buildPythonPackage,

  # build-system
  forge,
  setuptools,

  # native libraries
  zlib,
}:

buildPythonPackage rec {
  build-system = [
    forge
    setuptools
  ];

  buildInputs = [ zlib ];

  nativeCheckInputs = [ lid setuptools ];

  optional-dependencies = {
    warm = [ forge ];
  };
}
`;

/** The generated text with some of it replaced, each piece once. */
function edited(...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, GENERATED);
}

function given(text: string, name: string, ...attributes: readonly string[]) {
  return giveWay(
    { base: GENERATED, edited: text },
    { isMissed: (word) => word === name, attributes: new Set(attributes) },
  );
}

const FORGE_LINE = ['    forge\n', ''] as const;
const FORGE_ARGUMENT = ['  forge,\n', ''] as const;

describe('giveWay', () => {
  it.each([
    ['an entry of a list with a line each', [FORGE_LINE], 'forge', 'build-system', [15]],
    ['an entry and its argument', [FORGE_ARGUMENT, FORGE_LINE], 'forge', 'build-system', [6, 15]],
    ['the only entry of a list', [['[ zlib ]', '[ ]']], 'zlib', 'buildInputs', [19]],
    ['a whole list', [['  buildInputs = [ zlib ];\n\n', '']], 'zlib', 'buildInputs', [19]],
    ['one of two entries in a line', [['[ lid setuptools ]', '[ setuptools ]']], 'lid', 'nativeCheckInputs', [21]],
    ['an entry that was made a comment', [['    forge\n', '    # forge\n']], 'forge', 'build-system', [15]],
  ] as const)('brings back %s', (_, changes, name, attribute, lines) => {
    expect(given(edited(...changes), name, attribute)).toEqual({ text: GENERATED, lines });
  });

  it('keeps every other edit, also that of the next line', () => {
    const mine = ['    setuptools\n', '    setuptools # mine\n    wheel\n'] as const;
    expect(given(edited(FORGE_ARGUMENT, FORGE_LINE, mine), 'forge', 'build-system')).toEqual({
      text: edited(mine),
      lines: [6, 15],
    });
  });

  it('lets what was put in the place of an entry stand beside it', () => {
    const result = given(edited(['[ zlib ]', '[ zlib-ng ]'], ['  zlib,', '  zlib-ng,']), 'zlib', 'buildInputs');
    expect(result).toEqual({
      text: edited(['[ zlib ]', '[ zlib zlib-ng ]'], ['  zlib,', '  zlib, zlib-ng,']),
      lines: [10, 19],
    });
  });

  it('leaves lists that are not meant as they were edited', () => {
    expect(given(edited(['    warm = [ forge ];\n', '']), 'forge', 'build-system', 'dependencies')).toBeNull();
    expect(given(edited(['[ lid setuptools ]', '[ lid ]']), 'setuptools', 'build-system')).toBeNull();
  });

  it('says that an expression in the place of an entry cannot be told from it', () => {
    expect(given(edited(['[ zlib ]', '[ (pkgs.callPackage ./mine.nix { }) ]']), 'zlib', 'buildInputs')).toBe(
      'inseparable',
    );
  });

  it('has nothing to do where no edit took the name away', () => {
    expect(given(edited(['  lib,\n', '']), 'zlib', 'buildInputs')).toBeNull();
  });
});

describe('listsOf', () => {
  it('has the names of every list, without comments', () => {
    const text = 'a = [ b c.d ];\n  e-f = [\n    g # not h\n  ];\n  i = j;\n';
    expect([...listsOf(text)]).toEqual([
      ['a', ['b', 'c.d']],
      ['e-f', ['g']],
    ]);
  });
});
