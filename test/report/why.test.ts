import { describe, expect, it } from 'vitest';
import type { Origin, PackageFacts } from '../../src/classify/package-facts.ts';
import { whyJson } from '../../src/report/why-json.ts';
import { licenceOrigins } from '../../src/report/why-licence.ts';
import { originText, whyText } from '../../src/report/why-text.ts';
import { traceOf } from '../../src/report/why-trace.ts';
import { packageFacts, pythonInput } from '../classify/support/package.ts';

const OF_RULE: Origin = { kind: 'override', text: 'rule 1 of o/it.toml: it is so', file: 'o/it.toml', line: 3 };

function textOf(facts: Partial<PackageFacts>): string {
  return whyText({ title: 'it 1.0', parts: traceOf(packageFacts({ importsCheck: [], ...facts })) });
}

function inputs(lists: Partial<PackageFacts['inputs']>): PackageFacts['inputs'] {
  return { ...packageFacts().inputs, ...lists };
}

describe('originText', () => {
  it.each<[Origin, string]>([
    [{ kind: 'requirement', text: 'declared in PKG-INFO', file: 'PKG-INFO' }, 'declared in PKG-INFO (PKG-INFO)'],
    [
      { kind: 'requirement', text: 'declared in setup_requires', file: 'setup.py', line: 7, requirement: 'six>=1' },
      'declared in setup_requires: six>=1 (setup.py:7)',
    ],
    [
      { kind: 'inference', text: 'setup.py imports numpy', file: 'setup.py' },
      'inferred: setup.py imports numpy (setup.py)',
    ],
    [{ kind: 'backend', text: 'it asks for it' }, 'build backend: it asks for it'],
    [{ kind: 'requirement', text: 'see \u001b[2J\nhttps://u:p@host.test/' }, 'see [2J https://***@host.test/'],
  ])('%j is told as %s', (origin, expected) => {
    expect(originText(origin)).toBe(expected);
  });
});

describe('the trace of a package', () => {
  it('shows scripts and variables as they are', () => {
    const text = {
      postPatch: ['rm a\n', { attribute: 'zlib', output: 'lib' } as const, '\n'],
    };
    expect(
      textOf({
        check: { runner: null, enabled: null, reason: null },
        text,
        env: { HOME_OF_IT: [{ attribute: 'zlib', output: 'out' }, '/x'] },
        meta: { ...packageFacts().meta, description: null, homepage: null, licences: [] },
      }),
    ).toContain(`\
postPatch:
  | rm a
  | \${lib:zlib}
  what the release says

env.HOME_OF_IT: \${zlib}/x
`);
  });

  it('shows what runs before the tests, and the place that asks for it', () => {
    const origin = {
      kind: 'inference',
      text: 'the tests run the program boil',
      file: 'tests/test_it.py',
      line: 3,
    } as const;
    const preparation = [{ script: 'export PATH=$out/bin:$PATH', origin }];
    const text = textOf({ check: { runner: 'pytest', enabled: null, reason: null, preparation } });
    expect(text).toContain('preCheck: export PATH=$out/bin:$PATH\n');
    expect(text).toContain('the tests run the program boil (tests/test_it.py:3)');
  });

  it('tells what was left out, and why', () => {
    expect(
      textOf({
        check: { runner: null, enabled: null, reason: null },
        omissions: [
          { list: 'nativeCheckInputs', name: 'tea', reason: 'not in the package set' },
          { list: 'optional-dependencies', name: 'milk', reason: 'cow is not in the package set' },
        ],
        liftedBuildBounds: [{ name: 'setuptools', specifier: '<70', version: '75' }],
      }),
    ).toBe(`\
it 1.0

nativeCheckInputs
  tea (left out)
    inferred: not in the package set

optional-dependencies.milk
  milk (left out)
    inferred: cow is not in the package set

build-system, bounds that are lifted
  setuptools<70 (left out)
    inferred: the build does not check setuptools<70, because 75 is used

format: sdist
  what the release says
`);
  });

  it('tells of a removed input that another rule brought back only as an input', () => {
    const parts = traceOf(
      packageFacts({
        inputs: inputs({ dependencies: [{ ...pythonInput('six'), origins: [OF_RULE] }] }),
        overridden: [
          { attribute: 'dependencies', verb: 'remove', entries: ['six'], origin: OF_RULE },
          { attribute: 'dependencies', verb: 'add', entries: ['six'], origin: OF_RULE },
        ],
      }),
    );

    expect(parts.filter(({ name }) => name === 'six').map(({ state }) => state)).toEqual(['kept']);
  });

  it('gives the last word to the rule that set a value last', () => {
    const meta = { ...packageFacts().meta, homepage: 'https://b.test/' };
    const second: Origin = { ...OF_RULE, text: 'rule 2' };
    const parts = traceOf(
      packageFacts({
        meta,
        overridden: [
          { attribute: 'homepage', verb: 'set', entries: ['https://a.test/'], origin: OF_RULE },
          { attribute: 'homepage', verb: 'set', entries: ['https://b.test/'], origin: second },
        ],
      }),
      { homepage: [{ kind: 'requirement', text: 'the Home-page' }] },
    );

    expect(parts.find(({ attribute }) => attribute === 'homepage')?.origins).toEqual([second]);
  });

  it('is in order and readable for thirty inputs', () => {
    const names = Array.from({ length: 30 }, (_, index) => `input-${String(index).padStart(2, '0')}`);
    const text = textOf({ inputs: inputs({ dependencies: names.toReversed().map((name) => pythonInput(name)) }) });

    expect(text.split('\n').filter((line) => /^ {2}input-/u.test(line))).toEqual(names.map((name) => `  ${name}`));
    expect(text.split('\n').every((line) => line.length < 120)).toBe(true);
  });

  it('keeps inputs and extras that are called like members of objects', () => {
    const facts = packageFacts({
      inputs: inputs({ dependencies: [pythonInput('__proto__'), pythonInput('constructor')] }),
      optionalDependencies: { constructor: [pythonInput('six')] },
    });
    const json = JSON.parse(JSON.stringify(whyJson(facts)));

    expect(Object.keys(json.dependencies)).toEqual(['__proto__', 'constructor']);
    expect(Object.keys(json['optional-dependencies'])).toEqual(['constructor']);
  });
});

describe('licenceOrigins', () => {
  const statements = {
    expressions: [],
    classifiers: ['License :: OSI Approved :: BSD License'],
    texts: [],
    files: [{ path: 'LICENSE', spdx: 'BSD-3-Clause' }],
    sentences: [],
  };

  it('takes what leads to the licence alone', () => {
    expect(licenceOrigins(statements, { decides: ({ files }) => files.length > 0 })).toEqual([
      { kind: 'inference', text: 'has the text of BSD-3-Clause', file: 'LICENSE' },
    ]);
  });

  it('takes all together where nothing does alone', () => {
    expect(
      licenceOrigins(statements, { decides: () => false, placesOf: () => [{ file: 'PKG-INFO', line: 9 }] }),
    ).toEqual([
      {
        kind: 'requirement',
        text: 'the classifier “License :: OSI Approved :: BSD License”',
        file: 'PKG-INFO',
        line: 9,
      },
      { kind: 'inference', text: 'has the text of BSD-3-Clause', file: 'LICENSE' },
    ]);
  });
});
