import { describe, expect, it } from 'vitest';
import { mesonTokens } from '../../../src/metadata/native/build-tokens.ts';
import { readMeson } from '../../../src/metadata/native/meson.ts';
import { evaluateMeson, type MesonValue, truthOf, truthValue } from '../../../src/metadata/native/meson-values.ts';

const OPTIONS = new Map<string, MesonValue>([
  ['on', truthValue(true)],
  ['off', truthValue(false)],
  ['auto', { kind: 'feature', state: 'auto' }],
  ['disabled', { kind: 'feature', state: 'disabled' }],
  ['blas', { kind: 'text', value: 'OpenBLAS' }],
  ['system', { kind: 'list', items: [{ kind: 'text', value: 'none' }] }],
]);

describe('a condition of Meson', () => {
  it.each([
    ["get_option('on')", 'always', 'off'],
    ["not get_option('on')", 'off', 'always'],
    ["get_option('on') and x", 'optional', 'optional'],
    ["get_option('off') and x", 'off', 'always'],
    ["get_option('off') or get_option('on')", 'always', 'off'],
    ["(get_option('off') or x) and get_option('off')", 'off', 'always'],
    ["get_option('auto').disabled()", 'off', 'always'],
    ["not get_option('disabled').allowed()", 'always', 'off'],
    ["get_option('blas').to_lower() == 'openblas'", 'always', 'off'],
    ["get_option('blas').to_lower().startswith('mkl')", 'off', 'always'],
    ["get_option('system').contains('all')", 'off', 'always'],
    ["'none' in get_option('system')", 'always', 'off'],
    ["'all' not in get_option('system')", 'always', 'off'],
    ["host_machine.system() == 'windows'", 'elsewhere', 'always'],
    ["host_machine.system() in ['windows', 'cygwin']", 'elsewhere', 'always'],
    ["host_machine.system() != 'linux'", 'elsewhere', 'always'],
    ['x.found()', 'optional', 'off'],
    ["get_option('unheard')", 'optional', 'optional'],
    ["get_option('on') ? get_option('off') : x", 'off', 'always'],
    ["get_option('blas') + '64' == 'a'", 'optional', 'optional'],
    ['((((', 'optional', 'optional'],
    ["x[0] == 'a'", 'optional', 'optional'],
  ])('%s holds %s, else %s', (text, when, otherwise) => {
    const value = evaluateMeson(mesonTokens(text), { options: OPTIONS, variables: new Map() });
    expect(truthOf(value)).toMatchObject({ when, otherwise });
  });

  it('is open where parentheses are nested too deeply', () => {
    const value = evaluateMeson(mesonTokens('('.repeat(5000)), { options: new Map(), variables: new Map() });
    expect(truthOf(value)).toEqual({ when: 'optional', otherwise: 'optional' });
  });
});

describe('variables of Meson', () => {
  const evidence = (texts: Readonly<Record<string, string>>): string[] =>
    readMeson((path) => (Object.hasOwn(texts, path) ? (texts[path] ?? null) : null)).evidence.map(
      ({ name, when }) => `${name} ${when}`,
    );

  it('carry the default of an option into the folders below', () => {
    expect(
      evidence({
        'meson.options': "option('libs', type: 'array', choices: ['none', 'all'], value: ['none'])",
        'meson.build':
          "libs = get_option('libs')\nall = false\nif libs.contains('all')\n  all = true\nendif\nsubdir('src')",
        'src/meson.build': "if all or libs.contains('qhull')\n  dependency('qhull_r')\nendif\ndependency('zlib')",
      }),
    ).toEqual(['qhull_r off', 'zlib always']);
  });

  it('may be either value where one is set under a condition that is not known', () => {
    const text =
      "name = get_option('blas')\nif x\n  name = 'other'\nendif\nif name == 'netlib'\n  dependency('cblas')\nelif name == 'openblas'\n  dependency('openblas')\nendif";
    expect(
      evidence({ 'meson.options': "option('blas', type: 'string', value: 'openblas')", 'meson.build': text }),
    ).toEqual(['cblas off', 'openblas optional']);
  });

  it('give a subproject its options', () => {
    expect(
      evidence({
        'meson.build': "opts = {'zip': 'disabled', 'static': true}\nsubproject('sub', default_options: opts)",
        'subprojects/sub/meson.options': "option('zip', type: 'feature')\noption('png', type: 'feature')",
        'subprojects/sub/meson.build':
          "dependency('zlib', required: get_option('zip'))\ndependency('libpng', required: get_option('png'))",
      }),
    ).toEqual(['zlib off', 'libpng optional']);
  });
});
