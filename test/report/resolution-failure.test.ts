import { describe, expect, it } from 'vitest';
import {
  formatResolutionFailure,
  resolutionFailureError,
  resolutionFailureHints,
} from '../../src/report/resolution-failure.ts';
import type { DerivationTree, FailureCause, FailureTerm } from '../../src/resolve/derivation-tree.ts';

/** `foo` for any version, `foo>=2`, `foo 1.0` for one version, empty for the request. */
function term(text: string, positive: boolean): FailureTerm {
  const [, name = '', range = ''] = /^([a-z[\]]*)(.*)$/u.exec(text) ?? [];
  const exact = range.startsWith(' ') ? range.slice(1) : null;
  return {
    package: name,
    project: name.replace(/\[.*/u, ''),
    positive,
    range: exact === null ? range : `==${exact}`,
    exact,
    candidates: exact === null ? null : [exact],
  };
}

function terms(positive: readonly string[], negative: readonly string[] = []): FailureTerm[] {
  return [...positive.map((text) => term(text, true)), ...negative.map((text) => term(text, false))];
}

function needs(who: string, what: string, marker: string | null = null): DerivationTree {
  return { kind: 'fact', terms: terms([who], [what]), cause: { kind: 'dependency', marker } };
}

function none(what: string, cause: FailureCause = { kind: 'no-versions', hints: [] }): DerivationTree {
  return { kind: 'fact', terms: terms([what]), cause };
}

function follows(said: readonly FailureTerm[], left: DerivationTree, right: DerivationTree): DerivationTree {
  return { kind: 'derived', terms: said, left, right };
}

describe('facts in words', () => {
  it.each([
    [needs('foo 1', 'bar>=2'), 'foo 1 depends on bar>=2'],
    [needs('foo>=1,<=3', 'bar'), 'foo>=1,<=3 depends on bar'],
    [needs('foo>=1 | ==3', 'bar==1 | ==2'), 'foo (>=1 | ==3) depends on bar (==1 | ==2)'],
    [needs('foo 1', 'bar>=2', 'os_name == "nt"'), 'foo 1 depends on bar>=2 where os_name == "nt"'],
    [needs('', 'bar[x]>=2'), 'you require bar[x]>=2'],
    [none('foo>=2'), 'no version of foo matches >=2'],
    [none('foo'), 'foo has no version that can be used'],
    [none('foo', { kind: 'no-project', hints: [] }), 'no index has a project foo'],
    [none('foo', { kind: 'constraint', allowed: '<2' }), 'your constraints allow only foo<2'],
    [none('foo', { kind: 'constraint', allowed: '' }), 'your constraints allow no foo'],
    [none('foo', { kind: 'fixed', allowed: '==1.2' }), 'an earlier step fixed foo==1.2'],
    [none('foo', { kind: 'fixed', allowed: '==1.2', by: 'uv.lock' }), 'uv.lock fixed foo==1.2'],
    [none('foo', { kind: 'no-project', hints: [], clause: 'PyPI has no project foo' }), 'PyPI has no project foo'],
    [none('foo!=1,!=2'), 'no other version of foo can be used'],
  ])('%# says: %s', (fact, clause) => {
    expect(formatResolutionFailure(fact)).toBe(`Because ${clause}, the request cannot be met.`);
  });
});

describe('conclusions in words', () => {
  const left = none('x', { kind: 'no-project', hints: [] });
  const right = none('y', { kind: 'no-project', hints: [] });

  it.each([
    [terms([]), 'the request cannot be met'],
    [terms(['']), 'the request cannot be met'],
    [terms(['foo']), 'foo cannot be used'],
    [terms(['foo 1']), 'foo 1 cannot be used'],
    [terms(['foo', 'bar>=2', 'baz 1']), 'foo, bar>=2 and baz 1 cannot be used together'],
    [terms([], ['foo>=2']), 'foo>=2 is required'],
    [terms([], ['foo', 'bar']), 'one of foo or bar is required'],
    [terms(['foo 1'], ['bar>=2']), 'foo 1 requires bar>=2'],
    [terms(['foo'], ['bar>=2', 'baz']), 'foo requires bar>=2 or baz'],
    [terms(['foo', 'bar 1'], ['baz']), 'foo and bar 1 together require baz'],
  ])('%# says: %s', (said, clause) => {
    expect(formatResolutionFailure(follows(said, left, right))).toBe(
      `Because no index has a project x and no index has a project y, ${clause}.`,
    );
  });
});

describe('two reasons', () => {
  const end = terms([]);

  it.each([
    [
      'of one release are told together',
      needs('foo 1', 'bar'),
      needs('foo 1', 'baz'),
      'foo 1 depends on both bar and baz',
    ],
    [
      'that lead on are told in a chain',
      needs('foo 1', 'bar'),
      needs('bar', 'baz'),
      'foo 1 depends on bar which depends on baz',
    ],
    ['in any order', needs('bar', 'baz'), needs('foo 1', 'bar>=1'), 'foo 1 depends on bar>=1 which depends on baz'],
    [
      'are told apart when the second does not hold for all that the first allows',
      needs('foo 1', 'bar>=1'),
      needs('bar 2', 'baz'),
      'foo 1 depends on bar>=1 and bar 2 depends on baz',
    ],
    [
      'begin with the one that asks for something',
      none('bar>=2'),
      needs('foo 1', 'bar>=2'),
      'foo 1 depends on bar>=2 and no version of bar matches >=2',
    ],
    [
      'of one requirement with an extra are told once',
      needs('', 'foo>=2'),
      needs('', 'foo[x]>=2'),
      'you require foo[x]>=2',
    ],
  ])('%s', (_rule, left, right, clause) => {
    expect(formatResolutionFailure(follows(end, left, right))).toBe(`Because ${clause}, the request cannot be met.`);
  });
});

describe('a proof', () => {
  it('numbers the lines that others refer to', () => {
    const shared = follows(terms(['foo 1']), needs('foo 1', 'bar>=2'), none('bar>=2'));
    const one = follows(terms(['a 1']), needs('a 1', 'foo 1'), shared);
    const other = follows(terms(['b 1']), needs('b 1', 'foo 1'), shared);
    const either = follows(terms([], ['a 1', 'b 1']), needs('', 'c'), needs('c', 'a 1'));
    const failure = follows(terms([]), follows(terms([], ['b 1']), either, one), other);

    expect(formatResolutionFailure(failure)).toBe(
      [
        '(1) Because foo 1 depends on bar>=2 and no version of bar matches >=2, foo 1 cannot be used.',
        '    And because a 1 depends on foo==1, a 1 cannot be used.',
        '    Because you require c which depends on a==1, one of a==1 or b==1 is required.',
        '(2) Thus, b==1 is required.',
        '',
        '    Because b 1 depends on foo==1 and foo 1 cannot be used (1), b 1 cannot be used.',
        '    And because b==1 is required (2), the request cannot be met.',
      ].join('\n'),
    );
  });

  it('of very many steps is told from the end, and says what is left out', () => {
    let failure = follows(terms(['p']), needs('p', 'q>=2'), none('q>=2'));
    for (let step = 1; step <= 20_000; step += 1) {
      failure = follows(terms([`p ${step}`]), needs(`p ${step}`, `q>=${step}`), failure);
    }

    const lines = formatResolutionFailure(failure).split('\n');

    expect(lines.length).toBeLessThan(35);
    expect(lines.at(-1)).toBe('19971 earlier steps of the proof are not told.');
  });

  it('gives each hint once, sorted', () => {
    const missing = none('q', { kind: 'no-project', hints: ['look elsewhere'] });
    const old = none('r', { kind: 'no-versions', hints: ['r 2 was yanked', 'look elsewhere'] });

    expect(resolutionFailureHints(follows(terms([]), missing, follows(terms([]), old, missing)))).toEqual([
      'look elsewhere',
      'r 2 was yanked',
    ]);
  });

  it('advises fewer targets where a requirement holds on some of them only', () => {
    expect(resolutionFailureHints(follows(terms([]), needs('a', 'b', 'os_name == "nt"'), none('b')))).toEqual([
      'one version is chosen for all targets: with fewer targets there may be one, with --python and --platform',
    ]);
  });
});

describe('the error for the user', () => {
  it('has the sentences as message and the hints as hint', () => {
    const failure = follows(
      terms([]),
      needs('', 'b>=2'),
      none('b>=2', { kind: 'no-versions', hints: ['b 2 was yanked'] }),
    );

    expect(resolutionFailureError(failure)).toMatchObject({
      code: 'E_UNSATISFIABLE',
      message: 'Because you require b>=2 and no version of b matches >=2, the request cannot be met.',
      hint: 'b 2 was yanked',
      exit: 1,
    });
  });
});
