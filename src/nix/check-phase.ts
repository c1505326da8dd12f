import type { Note } from '../base/note.ts';
import { compareText, joinWords } from '../base/text.ts';
import type { DisabledTest, PackageFacts } from '../classify/package-facts.ts';
import { indented, type StringPart, select } from './expression.ts';
import type { Attribute, AttributeGroup, PackageContext } from './package-expression.ts';

/**
 * `checkPhase`, for releases in which nothing else runs pytest or unittest. What does not run is named to pytest on its command line, and the reasons stand
 * above it.
 */
export function checkPhase(facts: PackageFacts, { scope, dialect }: PackageContext): AttributeGroup {
  const { runner } = facts.check;
  if (runner === null) return { attributes: [], notes: [] };
  const { flags, notes } = runner === 'pytest' ? pytestFlags(facts, dialect.release) : noFlags(facts);
  const command: StringPart[] =
    runner === 'pytest'
      ? [['pytest', ...flags].join(' ')]
      : [select(scope.helper('python'), 'interpreter'), ' -m unittest discover'];
  const attribute: Attribute = {
    name: 'checkPhase',
    value: indented('runHook preCheck\n', ...command, '\nrunHook postCheck\n'),
    comments: runner === 'pytest' ? reasonsOf([...facts.disabledTestPaths, ...facts.disabledTests]) : [],
  };
  return { attributes: [attribute], notes };
}

interface Flags {
  readonly flags: readonly string[];
  readonly notes: readonly Note[];
}

/** Old versions of pytest read the expression of `-k` as one of Python, so that only names can stand in it. */
const PLAIN_NAME = /^\w+$/u;

function pytestFlags({ name, disabledTests, disabledTestPaths }: PackageFacts, release: string): Flags {
  const tests = disabledTests.map(({ test }) => test).sort(compareText);
  const plain = tests.filter((test) => PLAIN_NAME.test(test));
  const others = tests.filter((test) => !PLAIN_NAME.test(test));
  const notes: Note[] =
    others.length === 0
      ? []
      : [
          {
            kind: 'omitted',
            text: `pytest of nixpkgs ${release} cannot be told to leave out ${joinWords(others)}: these tests run`,
            project: name,
          },
        ];
  const paths = disabledTestPaths.map((each) => ignoreFlag(each).test).sort(compareText);
  return {
    flags: [...paths, ...(plain.length === 0 ? [] : ['-k', `'${plain.map((test) => `not ${test}`).join(' and ')}'`])],
    notes,
  };
}

function noFlags({ name, disabledTests, disabledTestPaths }: PackageFacts): Flags {
  const tests = [...disabledTests, ...disabledTestPaths];
  if (tests.length === 0) return { flags: [], notes: [] };
  const text = `unittest cannot be told to leave out ${joinWords(tests.map(({ test }) => test))}: these tests run`;
  return { flags: [], notes: [{ kind: 'omitted', text, project: name }] };
}

/** The flag of pytest that leaves a file or folder out, as a word of the shell. */
export function ignoreFlag({ test, reason }: DisabledTest): DisabledTest {
  return { test: `--ignore=${shellWord(test)}`, reason };
}

/** A word of the shell; quoted unless it is made of plain characters. */
function shellWord(text: string): string {
  return /^[\w./+-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** `needs the network: test_a, test_b`. */
function reasonsOf(tests: readonly DisabledTest[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { test, reason } of tests) byReason.set(reason, [...(byReason.get(reason) ?? []), test]);
  return [...byReason].map(([reason, names]) => `${names.sort(compareText).join(', ')}: ${reason}`);
}
