import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { userErrorsOf } from '../../src/base/user-error.ts';
import { formatResolutionFailure } from '../../src/report/resolution-failure.ts';
import { resolve } from '../../src/resolve/resolve.ts';
import { bruteForce, meetsAll } from './support/brute-force.ts';
import {
  chosenOf,
  isList,
  type MadeUpIndex,
  madeUpProvider,
  requestFor,
  type Turn,
  versions,
} from './support/made-up-index.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const VERSIONS = ['1', '2', '3'];
const EXTRAS = ['x', 'y'];
const FAILED = /Because|^E_/u;

const requirementText = fc
  .record({
    name: fc.constantFrom(...NAMES, ...NAMES, 'absent'),
    extra: fc.constantFrom('', '', '', ...EXTRAS),
    operator: fc.constantFrom('', '', '', '>=', '<=', '<', '>', '==', '!='),
    version: fc.constantFrom(...VERSIONS),
    marker: fc.constantFrom(
      '',
      '',
      '',
      ...EXTRAS.map((extra) => `; extra == "${extra}"`),
      '; sys_platform == "win32"',
      '; sys_platform == "linux"',
    ),
  })
  .map(({ name, extra, operator, version, marker }) => {
    const specifier = operator === '' ? '' : operator + version;
    return `${name}${extra === '' ? '' : `[${extra}]`}${specifier}${marker}`;
  });

const release = fc.array(requirementText, { maxLength: 3 }).chain((texts) =>
  fc.constantFrom(
    texts,
    texts,
    texts.filter((text) => !text.startsWith('absent')),
  ),
);

const project = fc.dictionary(fc.constantFrom(...VERSIONS), release, { minKeys: 1, maxKeys: 3 });

const plainIndex: fc.Arbitrary<MadeUpIndex> = fc.tuple(...NAMES.map(() => project)).map((projects) => {
  const releases = projects.flatMap((versions, position) =>
    Object.entries(versions).map(([version, requires]): [string, readonly string[]] => [
      `${NAMES[position]} ${version}`,
      requires,
    ]),
  );
  return Object.fromEntries(releases);
});

/** Some releases of some indexes turn out to be unusable. */
const index: fc.Arbitrary<MadeUpIndex> = fc
  .tuple(
    plainIndex,
    fc.array(fc.constantFrom(...NAMES.flatMap((name) => VERSIONS.map((v) => `${name} ${v}`))), { maxLength: 2 }),
  )
  .map(([made, unusable]) => {
    const marked = unusable.filter((key) => key in made).map((key) => [key, { unusable: 'has no METADATA' }]);
    return { ...made, ...Object.fromEntries(marked) };
  });

/** What the user may say beside the requirements. */
const options = fc.record({
  strategy: fc.constantFrom('highest' as const, 'highest' as const, 'lowest' as const, 'lowest-direct' as const),
  preferences: fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(...VERSIONS), { maxKeys: 2 }).map(versions),
});

const request = fc.array(
  requirementText.filter((text) => !text.startsWith('absent')),
  { minLength: 1, maxLength: 3 },
);

const constraints = fc.array(
  requirementText.map((text) => text.replace(/\[.\]|;.*/gu, '')),
  { maxLength: 1 },
);

/** What came of a request, as one text; requirements that nothing can meet are a failure like others. */
async function resultOf(
  made: MadeUpIndex,
  wanted: readonly string[],
  limits: readonly string[],
  given: Partial<typeof options extends fc.Arbitrary<infer Options> ? Options : never> = {},
  turn?: Turn,
): Promise<string> {
  try {
    const outcome = await resolve(requestFor(wanted, { ...given, constraints: limits }), madeUpProvider(made, turn));
    return outcome.kind === 'resolved' ? chosenOf(outcome).join(', ') : formatResolutionFailure(outcome.failure);
  } catch (thrown) {
    const errors = userErrorsOf(thrown);
    if (errors === undefined) throw thrown;
    return errors.map(({ code, message }) => `${code} ${message}`).join('\n');
  }
}

function versionsIn(result: string): Map<string, string> {
  const chosen = new Map<string, string>();
  for (const text of result.split(', ').filter((part) => part !== '')) {
    const [label = '', version = ''] = text.split(' ');
    chosen.set(label.replace(/\[.*/u, ''), version);
  }
  return chosen;
}

describe('the resolver against one that tries everything', () => {
  it('finds versions if and only if there are some, and they meet every requirement', async () => {
    await fc.assert(
      fc.asyncProperty(index, request, constraints, options, async (made, wanted, limits, given) => {
        const possible = bruteForce(made, wanted, limits);
        const result = await resultOf(made, wanted, limits, given);

        const isSolved = !FAILED.test(result);
        expect({ result, isSolved }).toEqual({ result, isSolved: possible });
        if (isSolved)
          expect({ result, isRight: meetsAll(made, wanted, limits, versionsIn(result)) }).toMatchObject({
            isRight: true,
          });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the order in which answers arrive', () => {
  it('does not change the result', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(index, request, constraints, options),
        fc.scheduler(),
        async ([made, wanted, limits, given], scheduler) => {
          const expected = await resultOf(made, wanted, limits, given);

          const turn: Turn = (question) => scheduler.schedule(Promise.resolve(), question);
          const shuffled = resultOf(made, wanted, limits, given, turn);
          await scheduler.waitFor(shuffled);

          expect(await shuffled).toBe(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a project that the request names with its address', () => {
  const ADDRESS = 'e @ https://files.test/e.tar.gz';

  it('has one candidate, for requirements of releases with the address too', async () => {
    await fc.assert(
      fc.asyncProperty(index, request, options, async (made, wanted, given) => {
        const withAddress = Object.fromEntries(
          Object.entries({ ...made, 'e 2': [] })
            .filter(([key]) => !key.startsWith('e ') || key === 'e 2')
            .map(([key, requires]) => [
              key,
              isList(requires) ? requires.map((text) => (text === 'e' ? ADDRESS : text)) : requires,
            ]),
        );
        const asked = [...wanted, ADDRESS];
        const result = await resultOf(withAddress, asked, [], given);

        expect({ result, isSolved: !FAILED.test(result) }).toEqual({
          result,
          isSolved: bruteForce(withAddress, asked, []),
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('the order in which an index lists releases', () => {
  it('does not change the result', async () => {
    await fc.assert(
      fc.asyncProperty(index, request, async (made, wanted) => {
        const reversed = Object.fromEntries(Object.entries(made).reverse());

        expect(await resultOf(reversed, wanted, [])).toBe(await resultOf(made, wanted, []));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the project that the request names first', () => {
  it('keeps the newest version that any solution has', async () => {
    await fc.assert(
      fc.asyncProperty(index, request, async (made, wanted) => {
        const [first = '', ...others] = wanted;
        const name = first.charAt(0);
        const unconditional = [first.replace(/;.*/u, ''), ...others];
        const result = await resultOf(made, unconditional, []);
        fc.pre(!FAILED.test(result));

        const chosen = versionsIn(result).get(name) ?? '';
        const newer = VERSIONS.filter((version) => version > chosen);
        const better = newer.filter((version) => bruteForce(made, [...unconditional, `${name}==${version}`], []));
        expect({ result, better }).toEqual({ result, better: [] });
      }),
      { numRuns: 200 },
    );
  });
});
