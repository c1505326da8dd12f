import * as v from 'valibot';
import { type Evaluation, tryEvaluateJson } from '../nix-run/evaluate.ts';

/** An evaluation of one of our texts, which passes over attributes. */
export interface IsolatedRequest {
  readonly text: string;
  /** `--argstr` by name. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
}

/** What was evaluated, and what had to be passed over so that it could be. */
export interface IsolatedResult {
  /** What was read of each attribute, in their order. */
  readonly values: readonly unknown[];
  /** What Nix gives up on even without its inputs: attributes, each with the set that it is in where the text reads several. */
  readonly skipped: readonly (readonly string[])[];
}

/** Each costs an evaluation, and more than this at fault are no accident. */
const MOST_FAULTS = 80;

/**
 * Evaluates a text whose attributes are read one by one. An attribute on which Nix gives up altogether (`abort`, a missing attribute, infinite recursion) cannot be caught in
 * Nix. Each is named before it is read, so the last one named is at fault: it is then read without its inputs, in this set and in those
 * that follow, and when that fails too left out. What was read before it was said on standard error, and is not read again.
 * Throws UserError E_NIX_MISSING (exit 69), and E_NIX_EVALUATION (exit 1) when no attribute is at fault.
 */
export async function evaluateIsolated(request: IsolatedRequest): Promise<IsolatedResult> {
  const values: unknown[] = [];
  const lightly: string[] = [];
  const skipped: (readonly string[])[] = [];
  for (;;) {
    const start = String(values.length + skipped.length);
    const { found, said } = await evaluate(request, { start, lightly: JSON.stringify(lightly) });
    if (found.ok)
      return { values: [...values, ...(Array.isArray(found.value) ? found.value : [found.value])], skipped };
    const named = linesAfter('reads', said);
    const read = linesAfter('has', said);
    const culprit = v.safeParse(v.array(v.string()), named.at(-1));
    const [attribute] = culprit.success ? culprit.output : [];
    if (attribute === undefined || !culprit.success || named.length !== read.length + 1) throw found.error;
    if (lightly.length + skipped.length >= MOST_FAULTS) throw found.error;
    values.push(...read);
    if (lightly.includes(attribute)) skipped.push(culprit.output);
    else lightly.push(attribute);
  }
}

async function evaluate(
  request: IsolatedRequest,
  more: Readonly<Record<string, string>>,
): Promise<{ readonly found: Evaluation; readonly said: string }> {
  const { text, environment, directory } = request;
  const given = Object.entries({ ...request.arguments, ...more });
  const said: string[] = [];
  const found = await tryEvaluateJson(text, {
    environment,
    directory,
    arguments: given.flatMap(([name, value]) => ['--argstr', name, value]),
    onStderr: (piece) => void said.push(piece),
  });
  return { found, said: said.join('') };
}

/** What `told` of nix-text.ts says, one line of JSON each: `trace: pypi2nix reads ["numpy","python36"]`, and `trace: pypi2nix has {...}` where that went well. */
function linesAfter(verb: 'reads' | 'has', said: string): unknown[] {
  const mark = `trace: pypi2nix ${verb} `;
  return said.split('\n').flatMap((line): unknown[] => {
    if (!line.startsWith(mark)) return [];
    try {
      const value: unknown = JSON.parse(line.slice(mark.length));
      return [value];
    } catch {
      return [];
    }
  });
}
