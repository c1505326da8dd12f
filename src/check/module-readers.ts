import type { Stage } from './finding.ts';
import type { LogLine } from './log-lines.ts';
import type { Reader, ReaderPlace } from './reader.ts';

/** Python modules that are not there: as importlib, `python -m` and Python 2 say it. */
export const MODULE_READERS: readonly Reader[] = [
  {
    pattern: /\bNo module named ['"]?([A-Za-z_][\w.]{0,200})/u,
    read: ([, module = ''], place) => ({
      cause: { kind: 'module', module, inside: packageOfTrace(place) },
      stage: stageOfTrace(place),
    }),
  },
];

/** A trace is no longer than this where it is of use. */
const LONGEST_TRACE = 120;

const FRAME = /^\s*(?:E\s+)?File "([^"]{1,1000})", line \d+/u;

/** The files of the trace above a line, the innermost first. */
function framesAbove({ lines, at }: ReaderPlace): readonly string[] {
  const frames: string[] = [];
  for (let above = at - 1; above >= Math.max(0, at - LONGEST_TRACE); above -= 1) {
    const text = lines[above]?.text ?? '';
    const file = FRAME.exec(text)?.[1] ?? PYTEST_FRAME.exec(text)?.[1];
    if (file !== undefined) frames.push(file);
    if (/Traceback \(most recent call last\)|^_{3,} /u.test(text)) break;
  }
  return frames;
}

/** `tests/conftest.py:3: in <module>` */
const PYTEST_FRAME = /^([^\s:][^:]{0,500}\.py):\d+: (?:in |\w+Error)/u;

/**
 * The package whose code asks for a module, by the store path of the innermost frame that is not Python's own: `python3.13-attrs-25.1.0` gives `attrs`. Null: the code of
 * the package that is built, or not told.
 */
function packageOfTrace(place: ReaderPlace): string | null {
  const innermost = framesAbove(place).find(
    (file) => !file.startsWith('<frozen') && !/\/importlib\/|\/runpy\.py$/u.test(file),
  );
  const name = /\/[0-9a-z]{32}-(?:python|pypy)\d[\d.]*-([^/]{1,200})\/lib\/[^/]{1,40}\/site-packages\//u.exec(
    innermost ?? '',
  )?.[1];
  if (name === undefined) return null;
  return /^(.+?)-\d/u.exec(name)?.[1] ?? name;
}

/** Where neither a phase nor the line tells: what the code of the trace does. Words behind it that speak of an import check tell more than all. */
function stageOfTrace(place: ReaderPlace): Stage | null {
  const { lines, at } = place;
  const line = lines[at];
  if (line === undefined) return null;
  if (lines.slice(at + 1, at + 4).some(saysImportsCheck)) return 'imports';
  if (line.stage === 'imports' || line.stage === 'tests') return line.stage;
  const frames = framesAbove(place);
  if (frames.some((file) => /\/(?:_pytest|pytest)\/|(?:^|\/)conftest\.py$|(?:^|\/)tests?\/[^/]*\.py$/u.test(file)))
    return 'tests';
  if (line.stage !== null) return line.stage;
  return frames.some((file) =>
    /build_meta|pyproject_hooks|(?:^|\/)setup\.py$|\/setuptools\/|_in_process|backend/u.test(file),
  )
    ? 'build'
    : null;
}

function saysImportsCheck({ text }: LogLine): boolean {
  return /imports ?check|cannot be imported/iu.test(text);
}
