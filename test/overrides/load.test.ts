import { describe, expect, it } from 'vitest';
import { userErrorsOf } from '../../src/base/user-error.ts';
import { applyOverrides } from '../../src/overrides/apply.ts';
import { loadOverrides, type OverrideLayer } from '../../src/overrides/load.ts';
import { demo, MODERN } from './support/facts.ts';

function layer(label: string, files: Record<string, string>): OverrideLayer {
  return { label, files: Object.entries(files).map(([name, text]) => ({ name, text })) };
}

function errorsOf(run: () => unknown): { code: string; message: string; exit: number; hint: string | undefined }[] {
  try {
    run();
  } catch (thrown) {
    return (userErrorsOf(thrown) ?? []).map(({ code, message, exit, hint }) => ({ code, message, exit, hint }));
  }
  return [];
}

describe('loadOverrides', () => {
  it('applies later layers after earlier ones', () => {
    const overrides = loadOverrides([
      layer('overrides', { 'demo.toml': '[[rule]]\nbuildInputs.add = ["a", "b"]\nreason = "shipped"\n' }),
      layer('mine', { 'demo.toml': '[[rule]]\nbuildInputs.remove = ["a"]\nreason = "mine"\n' }),
    ]);

    const facts = applyOverrides(demo(), overrides.get('demo') ?? [], MODERN);

    expect(facts.inputs.buildInputs).toMatchObject([{ attribute: 'b' }]);
    expect(facts.notes).toEqual([]);
  });

  it('gives the same rules in whatever order the files come', () => {
    const files = { 'a.toml': '[[rule]]\ndoCheck = true\nreason = "r"\n', 'b.toml': '' };
    const turned = { label: 'o', files: [...layer('o', files).files].reverse() };

    expect([...loadOverrides([turned])]).toEqual([...loadOverrides([layer('o', files)])]);
  });

  it('tells the faults of all files together', () => {
    const layers = [layer('o', { 'b.toml': 'x = 1\n', 'a.toml': '[[rule]]\ndoCheck = 1\nreason = "r"\n' })];

    expect(errorsOf(() => loadOverrides(layers))).toEqual([
      {
        code: 'E_BAD_OVERRIDE',
        message: 'o/a.toml:2:1: `doCheck`: must be true or false\n    doCheck = 1\n    ^',
        exit: 78,
        hint: 'docs/overrides.md tells the format of override files',
      },
      {
        code: 'E_BAD_OVERRIDE',
        message: 'o/b.toml:1:1: unknown key `x`\n    x = 1\n    ^',
        exit: 78,
        hint: 'known here: rule',
      },
    ]);
  });

  it.each([
    ['PyYAML.toml', 'name it pyyaml.toml'],
    ['zope.interface.toml', 'name it zope-interface.toml'],
    ['-.toml', 'name it NAME.toml with the name of the project in lower case, words joined by `-`'],
    ['__proto__.toml', 'name it NAME.toml with the name of the project in lower case, words joined by `-`'],
  ])('refuses the file name %s', (name, hint) => {
    expect(errorsOf(() => loadOverrides([layer('o', { [name]: '' })]))).toEqual([
      { code: 'E_BAD_OVERRIDE', message: `o/${name}: the file is not named after a project`, exit: 78, hint },
    ]);
  });
});
