import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/classify/package-facts.ts';
import { wheelLibraries } from '../../src/classify/wheel-libraries.ts';

const FILENAME = 'press-1.0-cp313-cp313-manylinux_2_17_x86_64.whl';

function source(systems: readonly string[]): Source {
  const file = { filename: FILENAME, sha256: '0'.repeat(64), url: `https://files.test/${FILENAME}` };
  const wheels = systems.map((system) => ({ ...file, python: '3.13', system }));
  return { kind: 'wheel', ...file, ...(wheels.length === 0 ? {} : { wheels }) };
}

function librariesOf(needed: readonly string[], unread: readonly string[] = []) {
  const { tools, inputs, notes } = wheelLibraries(
    { filename: FILENAME, read: { needed, isCompiled: true, unread } },
    source([]),
  );
  return {
    inputs: [...tools, ...inputs].map(({ attribute }) => attribute),
    notes: notes.map(({ kind, text }) => `${kind}: ${text}`),
  };
}

describe('what a compiled wheel needs', () => {
  it('is the hook that patches it, where it links nothing but the C library', () => {
    const ofC = ['libc.so.6', 'libm.so.6', 'libpthread.so.0', 'libdl.so.2', 'librt.so.1', 'ld-linux-x86-64.so.2'];
    expect(librariesOf(ofC)).toEqual({ inputs: ['autoPatchelfHook'], notes: [] });
  });

  it.each([
    ['libstdc++.so.6', 'stdenv.cc.cc.lib'],
    ['libgcc_s.so.1', 'stdenv.cc.cc.lib'],
    ['libz.so.1', 'zlib'],
    ['libcrypt.so.1', 'libxcrypt-legacy'],
    ['libcrypt.so.2', 'libxcrypt'],
    ['libX11.so.6', 'libX11'],
    ['libgthread-2.0.so.0', 'glib'],
    ['libSM.so.6', 'libSM'],
  ])('is for %s %s', (soname, attribute) => {
    expect(librariesOf([soname])).toEqual({
      inputs: ['autoPatchelfHook', attribute],
      notes: [`guess: ${attribute} inferred from what the wheel links`],
    });
  });

  it('is named once, and what is not known is told', () => {
    expect(librariesOf(['libgcc_s.so.1', 'libodd.so.7', 'libstdc++.so.6', 'odd'], ['press/_a.so'])).toEqual({
      inputs: ['autoPatchelfHook', 'stdenv.cc.cc.lib'],
      notes: [
        'guess: stdenv.cc.cc.lib inferred from what the wheel links',
        'unknown: no nixpkgs attribute is known for the linked libraries libodd.so.7 and odd',
        'unknown: what press/_a.so links could not be read',
      ],
    });
  });

  it('is not known of a wheel that was not downloaded', () => {
    const { tools, notes } = wheelLibraries({ filename: FILENAME, read: null }, source([]));
    expect(tools.map(({ attribute }) => attribute)).toEqual(['autoPatchelfHook']);
    expect(notes.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      `unknown: the libraries that it links are not known: ${FILENAME} is too large to be downloaded for that`,
    ]);
  });

  it('is nothing where nothing is compiled', () => {
    const nothing = { tools: [], inputs: [], notes: [] };
    expect(wheelLibraries(undefined, source([]))).toEqual(nothing);
    const read = { needed: [], isCompiled: false, unread: [] };
    expect(wheelLibraries({ filename: FILENAME, read }, source([]))).toEqual(nothing);
  });

  it('is limited to Linux where there are wheels for other systems', () => {
    const links = { filename: FILENAME, read: { needed: ['libz.so.1'], isCompiled: true, unread: [] } };
    const isLimited = (systems: readonly string[]): boolean[] => {
      const { tools, inputs } = wheelLibraries(links, source(systems));
      return [...tools, ...inputs].map(({ marker }) => marker !== undefined);
    };
    expect(isLimited(['x86_64-linux', 'aarch64-darwin'])).toEqual([true, true]);
    expect(isLimited(['x86_64-linux', 'aarch64-linux'])).toEqual([false, false]);
  });
});
