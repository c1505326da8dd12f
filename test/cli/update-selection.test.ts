import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectPackages } from '../../src/cli/update/selection.ts';

const PACKAGES = ['django', 'django-environ', 'ruamel-yaml', 'zope-interface'].map((name) => ({
  name,
  attribute: name === 'ruamel-yaml' ? 'ruamel_yaml' : name,
}));

const chosen = (words: readonly string[], exclude: readonly string[] = []): readonly string[] => [
  ...selectPackages(PACKAGES, { words, exclude }).selected,
];

describe('the packages of an update', () => {
  it.each([
    [['Django_Environ'], ['django-environ']],
    [['django*'], ['django', 'django-environ']],
    [['django-?nviron'], ['django-environ']],
    [['ruamel_yaml'], ['ruamel-yaml']],
    [['ruamel.yaml'], ['ruamel-yaml']],
    [['*e'], ['zope-interface']],
    [['*-*'], ['django-environ', 'ruamel-yaml', 'zope-interface']],
  ])('%s', (words, expected) => {
    expect(chosen(words)).toEqual(expected);
  });

  it('are all without words, and never those that are excluded', () => {
    expect(chosen([], ['*-*'])).toEqual(['django']);
    expect(chosen(['django'], ['dj*'])).toEqual([]);
  });

  it('a name that means nothing is told, also behind --exclude', () => {
    expect(() => chosen(['nothing'], ['nobody'])).toThrow('nothing: no package of this repository');
  });

  it('a pattern takes what the regular expression for it takes', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (glob, name) => {
        const isMeant = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'u').test(name);
        const packages = [{ name, attribute: name }];
        const select = () => selectPackages(packages, { words: [glob], exclude: [] }).selected.size;
        if (isMeant) expect(select()).toBe(1);
        else expect(select).toThrow('no package of this repository');
      }),
    );
  });
});
