import { describe, expect, it } from 'vitest';
import { userErrorsOf } from '../../src/base/user-error.ts';
import { parseManifest } from '../../src/repository/manifest.ts';
import { optionArguments } from '../../src/repository/manifest-options.ts';
import { manifestTemplate } from '../../src/repository/manifest-template.ts';

function faultsOf(text: string): string[] {
  try {
    parseManifest(text, 'pypi2nix.toml');
  } catch (thrown) {
    return (userErrorsOf(thrown) ?? []).map(({ code, exit, message, hint }) => `${code} ${exit} ${message} (${hint})`);
  }
  return [];
}

describe('a manifest', () => {
  it('says what is wanted, with options and pins', () => {
    const {
      text: _text,
      pins,
      ...manifest
    } = parseManifest(
      `requirements = ["celery[redis]>=5", "./local"]
develop = ["../mine"]
[options]
release = "24.05"
python = ["3.13", "3.12"]
with-checks = true
[pins]
Made_Up = { version = "1.0", reason = "2.0 is broken" }
other = { version = "<2", reason = "not ported" }
`,
      'pypi2nix.toml',
    );
    expect(manifest).toEqual({
      requirements: ['celery[redis]>=5', './local'],
      develop: ['../mine'],
      options: { release: '24.05', python: ['3.13', '3.12'], 'with-checks': true },
    });
    expect(pins.map(({ name, constraint, reason }) => [name, constraint.specifier.length, reason])).toEqual([
      ['made-up', 1, '2.0 is broken'],
      ['other', 1, 'not ported'],
    ]);
  });

  it('asks for nothing when it is empty', () => {
    expect(parseManifest('', 'pypi2nix.toml')).toEqual({
      text: '',
      requirements: [],
      develop: [],
      options: {},
      pins: [],
    });
  });

  it.each([
    [
      'an unknown key',
      'requirement = []\n',
      'E_BAD_MANIFEST 78 pypi2nix.toml:1:1: unknown key "requirement" (did you mean requirements?)',
    ],
    [
      'an unknown option',
      '[options]\nrelase = "24.05"\n',
      'E_BAD_MANIFEST 78 pypi2nix.toml:2:1: unknown option "relase" (did you mean release?)',
    ],
    [
      'text that is no TOML',
      'requirements = [\n',
      'E_BAD_MANIFEST 78 pypi2nix.toml:2:1: this is no TOML: the text ends too early (docs/repository.md has the keys of this file)',
    ],
    [
      'a value of another kind',
      '[options]\npre = "yes"\n',
      'E_BAD_MANIFEST 78 pypi2nix.toml:2:1: options.pre must be true or false (docs/repository.md has the keys of this file)',
    ],
    [
      'a pin without a reason',
      '[pins]\nx = { version = "1" }\n',
      'E_BAD_MANIFEST 78 pypi2nix.toml:2:1: pins.x.reason must be a text (docs/repository.md has the keys of this file)',
    ],
    [
      'a pin that is no version',
      '[pins]\nx = { version = "one", reason = "?" }\n',
      expect.stringMatching(/^E_BAD_MANIFEST 78 pypi2nix\.toml:2:7: pins\.x\.version: /u),
    ],
  ])('tells %s with its place', (_what, text, expected) => {
    expect(faultsOf(text)).toEqual([expected]);
  });

  it('tells a requirement that cannot be read with its place', () => {
    expect(faultsOf('requirements = [\n    "six",\n    "six==",\n]\n')).toEqual([
      expect.stringMatching(/^E_BAD_MANIFEST 78 pypi2nix\.toml:3:5: requirements\[1\]: /u),
    ]);
  });

  it('tells all faults together', () => {
    expect(faultsOf('a = 1\nrequirements = 2\n[options]\nb = 3\n')).toHaveLength(3);
  });
});

describe('options of a manifest', () => {
  it('are what a command line with them says', () => {
    expect(
      optionArguments({
        release: '24.05',
        python: ['3.13', '3.12'],
        'with-checks': true,
        pre: false,
        'extra-index-url': ['https://a.test/', 'https://b.test/'],
      }),
    ).toEqual([
      '--release=24.05',
      '--python=3.13,3.12',
      '--with-checks',
      '--extra-index-url=https://a.test/',
      '--extra-index-url=https://b.test/',
    ]);
  });

  it('are read back from a new manifest', () => {
    const options = { release: '24.05', python: ['3.13'], pre: true, format: 'any,lxml:wheel' };
    expect(parseManifest(manifestTemplate(options), 'x').options).toEqual(options);
  });
});
