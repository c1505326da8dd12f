import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseFile } from '../../src/index/choose-file.ts';
import { DARWIN, file, LINUX } from './support/files.ts';

type Format = 'sdist' | 'wheel' | 'any';

function choose(names: readonly string[], format: Format = 'sdist', targets = [LINUX]) {
  const chosen = chooseFile(
    names.map((name) => file(name)),
    { project: 'toolz', format, targets },
  );
  return chosen === null ? null : { file: chosen.file.filename, notes: chosen.notes.map(({ text }) => text) };
}

const pure = 'toolz-1.0-py3-none-any.whl';
const linux = 'toolz-1.0-cp313-cp313-manylinux_2_17_x86_64.whl';
const darwin = 'toolz-1.0-cp313-cp313-macosx_11_0_arm64.whl';
const older = 'toolz-1.0-cp312-cp312-manylinux_2_17_x86_64.whl';
const windows = 'toolz-1.0-cp313-cp313-win_amd64.whl';

describe('chooseFile', () => {
  it.each([
    [
      ['toolz-1.0.tar.xz', 'toolz-1.0.tar.bz2', 'toolz-1.0.zip', 'toolz-1.0.tgz', 'toolz-1.0.tar.gz'],
      'toolz-1.0.tar.gz',
    ],
    [['toolz-1.0.tar.xz', 'toolz-1.0.tar.bz2', 'toolz-1.0.zip'], 'toolz-1.0.zip'],
    [['toolz-1.0.tar.xz', 'toolz-1.0.tar.bz2'], 'toolz-1.0.tar.bz2'],
    [['Toolz-1.0.tar.gz', 'toolz-1.0.tar.gz', 'TOOLZ-1.0.tar.gz'], 'toolz-1.0.tar.gz'],
    [['toolz-1.0RC1.tar.gz', 'toolz-1.0rc1.tar.gz'], 'toolz-1.0rc1.tar.gz'],
    [[pure, 'Toolz-1.0.zip'], 'Toolz-1.0.zip'],
  ])('of %j takes the sdist %s', (names, expected) => {
    expect(choose(names)).toEqual({ file: expected, notes: [] });
  });

  it('takes the same file in any order of the index', () => {
    const names = ['Toolz-1.0.tar.gz', 'toolz-1.0.tgz', 'toolz-1.0.zip', pure, linux, windows];

    fc.assert(
      fc.property(
        fc.shuffledSubarray(names, { minLength: names.length }),
        fc.constantFrom<Format>('sdist', 'wheel', 'any'),
        (shuffled, format) => {
          expect(choose(shuffled, format)).toEqual(choose(names, format));
        },
      ),
    );
  });

  it('takes a wheel where no sdist is, with a note', () => {
    expect(choose([windows, pure])).toEqual({
      file: pure,
      notes: ['toolz 1.0 has no sdist, its wheel toolz-1.0-py3-none-any.whl is used'],
    });
  });

  it('takes a wheel that is asked for without a note', () => {
    expect(choose(['toolz-1.0.tar.gz', pure], 'wheel')).toEqual({ file: pure, notes: [] });
  });

  it('takes an sdist where no wheel fits, with a note', () => {
    expect(choose(['toolz-1.0.tar.gz', windows], 'wheel')).toEqual({
      file: 'toolz-1.0.tar.gz',
      notes: ['toolz 1.0 has no wheel that fits, its sdist is used'],
    });
  });

  it('prefers the wheel that fits more targets to the one that fits better', () => {
    expect(choose([linux, pure], 'wheel', [LINUX])?.file).toBe(linux);
    expect(choose([linux, pure], 'wheel', [LINUX, DARWIN])?.file).toBe(pure);
  });

  it('takes a wheel for the first of the targets, where none fits all', () => {
    expect(choose([darwin, linux, older], 'wheel', [LINUX, DARWIN])).toEqual({ file: linux, notes: [] });
    expect(choose([darwin, linux, older], 'wheel', [DARWIN, LINUX])).toEqual({ file: darwin, notes: [] });
    expect(choose([darwin, linux, pure], 'wheel', [LINUX, DARWIN])).toEqual({ file: pure, notes: [] });
  });

  it('takes the wheel of the later build', () => {
    expect(choose(['toolz-1.0-2-py3-none-any.whl', 'toolz-1.0-10-py3-none-any.whl', pure], 'wheel')?.file).toBe(
      'toolz-1.0-10-py3-none-any.whl',
    );
  });

  it('takes a yanked file only where all are yanked', () => {
    const files = [file('toolz-1.0.tar.gz', { yanked: 'bad' }), file('toolz-1.0.zip')];
    const options = { project: 'toolz', format: 'sdist', targets: [LINUX] } as const;

    expect(chooseFile(files, options)?.file.filename).toBe('toolz-1.0.zip');
    expect(chooseFile(files.slice(0, 1), options)?.file.filename).toBe('toolz-1.0.tar.gz');
  });

  it('finds nothing where only wheels for other platforms are', () => {
    expect(choose([windows])).toBeNull();
  });
});
