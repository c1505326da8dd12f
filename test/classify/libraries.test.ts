import { describe, expect, it } from 'vitest';
import { linkedLibraries } from '../../src/classify/libraries.ts';
import { nativeBuilders } from '../../src/classify/native-builder.ts';
import { type NativeEvidence, NO_NATIVE } from '../../src/metadata/native/native-facts.ts';
import type { SdistFacts } from '../../src/metadata/release-facts.ts';
import { formatMarker } from '../../src/pep/marker.ts';
import { sdistFacts, setupScript } from './support/facts.ts';
import { built } from './support/native.ts';

/** A release that setuptools builds from sources which ask for this. */
function compiled(...evidence: readonly NativeEvidence[]): SdistFacts {
  return sdistFacts({
    setupScript: setupScript({ hasExtensions: true }),
    native: { ...NO_NATIVE, evidence },
  });
}

function header(name: string, given: Partial<NativeEvidence> = {}): NativeEvidence {
  return { kind: 'header', name, when: 'always', file: 'src/a.c', line: 3, ...given };
}

function attributesOf(facts: SdistFacts): string[] {
  return linkedLibraries(facts).inputs.map(({ attribute }) => attribute);
}

describe('linked libraries', () => {
  it('are conditional where only some platforms link them, whatever headers are there', () => {
    const script = setupScript({
      libraries: { kind: 'known', value: ['udev', 'z'], place: { file: 'setup.py', line: 4 } },
      libraryMarkers: { udev: 'sys_platform == "linux"' },
      hasExtensions: true,
    });
    const facts = sdistFacts({ setupScript: script, native: { ...NO_NATIVE, evidence: [header('libudev.h')] } });
    const targets = ['linux', 'darwin'].map((system) => ({ sys_platform: system, python_version: '3.13' }));
    const { inputs } = linkedLibraries(facts, nativeBuilders(facts), targets);
    expect(inputs.map(({ attribute, marker }) => [attribute, marker && formatMarker(marker)])).toEqual([
      ['udev', 'sys_platform == "linux"'],
      ['zlib', undefined],
    ]);
  });

  it('are the nixpkgs attributes of what setup.py links, with a note that they are inferred', () => {
    const script = setupScript({
      libraries: { kind: 'known', value: ['m', 'xslt', 'xml2'], place: { file: 'setup.py', line: 4 } },
    });
    const { inputs, notes } = linkedLibraries(sdistFacts({ setupScript: script }));
    expect(inputs.map(({ attribute }) => attribute)).toEqual(['libxml2', 'libxslt']);
    expect(notes).toEqual([
      {
        kind: 'guess',
        text: 'libxml2 and libxslt inferred from the libraries that setup.py links',
        file: 'setup.py',
        line: 4,
      },
    ]);
  });

  it('say for each where its evidence stands', () => {
    const { inputs } = linkedLibraries(compiled(header('png.h'), header('zlib.h', { file: 'src/b.c', line: 9 })));
    expect(inputs).toEqual([
      {
        kind: 'system',
        attribute: 'libpng',
        origins: [{ kind: 'inference', text: 'src/a.c includes png.h', file: 'src/a.c', line: 3 }],
      },
      {
        kind: 'system',
        attribute: 'zlib',
        origins: [{ kind: 'inference', text: 'src/b.c includes zlib.h', file: 'src/b.c', line: 9 }],
      },
    ]);
  });

  it.each([
    ['header', 'libxml/tree.h', 'libxml2'],
    ['header', 'X11/extensions/XShm.h', 'libXext'],
    ['header', 'numpy/arrayobject.h', null],
    ['header', 'docstrings.h', null],
    ['link', 'crypto', 'openssl'],
    ['link', 'pthread', null],
    ['pkg-config', 'libxml-2.0', 'libxml2'],
  ] as const)('are told by the %s %s: %s', (kind, name, attribute) => {
    const one: NativeEvidence = { kind, name, when: 'always', file: 'setup.py', line: 1 };
    expect(attributesOf(compiled(one))).toEqual(attribute === null ? [] : [attribute]);
  });

  it('are not taken from sources where nothing is compiled', () => {
    expect(attributesOf(sdistFacts({ native: { ...NO_NATIVE, evidence: [header('png.h')] } }))).toEqual([]);
  });

  it.each([
    ['mesonpy', 'meson', 'meson.build'],
    ['scikit_build_core.build', 'cmake', 'CMakeLists.txt'],
  ] as const)('are what the build file of %s asks for, and of no other backend', (buildBackend, kind, file) => {
    const native = { ...NO_NATIVE, evidence: [{ kind, name: 'ZLIB', when: 'always', file, line: 2 } as const] };
    expect(attributesOf(sdistFacts({ native, pyproject: built({ buildBackend }) }))).toEqual(['zlib']);
    expect(attributesOf(sdistFacts({ native, pyproject: built({ buildBackend: 'hatchling.build' }) }))).toEqual([]);
  });

  it.each([
    [
      'an option that is off',
      { when: 'off', condition: '#if defined(WITH_PNG)' },
      'libpng is no input: the build asks for it only where somebody wants it (#if defined(WITH_PNG))',
    ],
    [
      'another platform',
      { when: 'elsewhere', condition: '#ifdef _WIN32' },
      'libpng is no input: it is for other platforms only (#ifdef _WIN32)',
    ],
    ['a copy in the sdist', { bundled: 'png/png.h' }, 'libpng is no input: the sdist has a copy of it (png/png.h)'],
  ] as const)('are left out with a note for %s', (_, given, text) => {
    const { inputs, notes } = linkedLibraries(compiled(header('png.h', given)));
    expect(inputs).toEqual([]);
    expect(notes).toEqual([{ kind: 'omitted', text, file: 'src/a.c', line: 3 }]);
  });

  it('count what is asked for by name although a copy of its header is there', () => {
    const link: NativeEvidence = { kind: 'link', name: 'png', when: 'always', file: 'setup.py' };
    expect(attributesOf(compiled(header('png.h', { bundled: 'png/png.h' }), link))).toEqual(['libpng']);
  });

  it('are those whose own program is run, for the release that compiles', () => {
    const tools = [{ name: 'krb5-config', when: 'always', file: 'setup.py', line: 7 }] as const;
    const native = { ...NO_NATIVE, tools };
    const { inputs } = linkedLibraries(sdistFacts({ setupScript: setupScript({ hasExtensions: true }), native }));

    expect(inputs).toEqual([
      {
        kind: 'system',
        attribute: 'libkrb5',
        origins: [{ kind: 'inference', text: 'setup.py runs krb5-config', file: 'setup.py', line: 7 }],
      },
    ]);
    expect(attributesOf(sdistFacts({ setupScript: setupScript({}), native }))).toEqual([]);
  });

  it.each([
    ['fuse3', ['fuse3']],
    ['fuse', ['fuse']],
    ['zlib', ['fuse', 'zlib']],
  ])('take a header of two libraries for that which is asked for by name: %s', (module, expected) => {
    const asked: NativeEvidence = { kind: 'pkg-config', name: module, when: 'always', file: 'setup.py' };
    expect(attributesOf(compiled(header('fuse.h'), asked))).toEqual(expected);
  });

  it('are no options of a copy of another library, whose own build is not run', () => {
    const optional = { when: 'optional', condition: '#if defined(HAVE_SNAPPY)' } as const;
    const copied = compiled(header('snappy-c.h', { ...optional, file: 'c-blosc/blosc/blosc.c' }));
    expect(attributesOf(copied)).toEqual([]);
    expect(attributesOf(compiled(header('snappy-c.h', optional)))).toEqual(['snappy']);
    expect(attributesOf(compiled(header('libusb.h', { file: 'hidapi/libusb/hid.c' })))).toEqual(['libusb1']);
  });

  it('are a copy where the sdist has most of the headers', () => {
    const copies = ['openssl/ssl.h', 'openssl/bio.h'].map((name) => header(name, { bundled: `boringssl/${name}` }));
    expect(attributesOf(compiled(...copies, header('openssl/params.h')))).toEqual([]);
    expect(attributesOf(compiled(...copies.slice(1), header('openssl/params.h')))).toEqual(['openssl']);
  });

  it('are what a file name stands for that is linked', () => {
    const libraries = { kind: 'known', value: [':libudev.so.1', ':libz.a'], place: { file: 'setup.py' } } as const;
    expect(attributesOf(sdistFacts({ setupScript: setupScript({ libraries }) }))).toEqual(['udev', 'zlib']);
  });

  it('are no inputs where modules load them by name, and a note says what that takes', () => {
    const loads = (name: string): NativeEvidence => ({ kind: 'load', name, when: 'always', file: 'it/a.py', line: 4 });
    const facts = sdistFacts({ native: { ...NO_NATIVE, evidence: [loads('usb-1.0'), loads('c'), loads('never')] } });

    expect(linkedLibraries(facts)).toEqual({
      inputs: [],
      notes: [
        {
          kind: 'warning',
          text: 'libusb1 is loaded by name when the package runs (usb-1.0), which finds nothing in a Nix store unless a patch writes its path there',
          file: 'it/a.py',
          line: 4,
        },
      ],
      evidence: [],
    });
  });

  it('are told to be unknown where no attribute is known, and where a name is computed', () => {
    const facts = sdistFacts({
      pyproject: built({ buildBackend: 'mesonpy' }),
      native: {
        ...NO_NATIVE,
        evidence: [{ kind: 'meson', name: 'libnever', when: 'always', file: 'meson.build', line: 2 }],
        unread: [{ file: 'meson.build', line: 3, what: 'the name that dependency() asks for is computed' }],
      },
    });
    expect(linkedLibraries(facts).notes).toEqual([
      { kind: 'unknown', text: 'no nixpkgs attribute is known for the library libnever', file: 'meson.build', line: 2 },
      {
        kind: 'unknown',
        text: 'a library may be missing: the name that dependency() asks for is computed',
        file: 'meson.build',
        line: 3,
      },
    ]);
  });
});
