import * as v from 'valibot';
import { userErrorsOf } from '../../src/base/user-error.ts';
import type { GeneratedFile } from './build-corpus-generate.ts';
import type { BuildFailure } from './build-corpus-report.ts';
import type { BuildStore } from './build-corpus-store.ts';
import type { Outcome } from './run-each.ts';

const EVALUATED = v.object({
  /** The path of the derivation. */
  derivation: v.string(),
  version: v.string(),
  /** The attributes of the closure that come from wheels. */
  wheels: v.array(v.string()),
});

/** What Nix made of the generated expressions of a project. */
export type EvaluationOutcome =
  | { readonly kind: 'done'; readonly value: v.InferOutput<typeof EVALUATED> }
  | { readonly kind: 'failed'; readonly failure: BuildFailure };

interface ToEvaluate {
  readonly store: BuildStore;
  /** The folder of the package set. */
  readonly set: string;
  readonly plain: Outcome<GeneratedFile> | undefined;
  /** Undefined: without tests. */
  readonly tested: Outcome<GeneratedFile> | undefined;
}

/** Evaluates a project in the package set with its generated overlay, and writes its derivation. */
export async function evaluateProject(
  name: string,
  { store, set, plain, tested }: ToEvaluate,
): Promise<EvaluationOutcome> {
  for (const outcome of [plain, tested]) {
    if (outcome?.kind !== 'failed') continue;
    const { message, isOutside } = outcome;
    return { kind: 'failed', failure: { step: 'generate', message, isOutside } };
  }
  if (plain?.kind !== 'done') throw new Error(`${name} was not generated`);
  const overlay = tested?.kind === 'done' ? testedOverlay(tested.value) : `import ${nixPath(plain.value.file)}`;
  try {
    const value = await store.evaluate(projectExpression(plain.value.attribute, { overlay, set }));
    return { kind: 'done', value: v.parse(EVALUATED, value) };
  } catch (error) {
    const errors = userErrorsOf(error);
    if (errors === undefined) throw error;
    const message = errors.map((each) => each.message).join('; ');
    return { kind: 'failed', failure: { step: 'evaluate', message, isOutside: false } };
  }
}

/** The derivations of what could be evaluated, each once. */
export function derivationsOf(sets: readonly EvaluationOutcome[]): readonly string[] {
  return [...new Set(sets.flatMap((set) => (set.kind === 'done' ? [set.value.derivation] : [])))];
}

/** The package set of a folder as a Nix expression. */
export function packageSet(folder: string): string {
  return `import ${nixPath(folder)} { }`;
}

function nixPath(file: string): string {
  return `(/. + ${nixText(file)})`;
}

function nixText(text: string): string {
  return `"${text.replaceAll(/["\\$]/gu, (sign) => `\\${sign}`)}"`;
}

function projectExpression(
  attribute: string,
  { overlay, set }: { readonly overlay: string; readonly set: string },
): string {
  return `
    let
      overlay = ${overlay};
      packages = ((${packageSet(set)}).python3.override { packageOverrides = overlay; }).pkgs;
      names = builtins.attrNames (overlay packages packages);
      project = packages.\${${nixText(attribute)}};
      # A builder may refuse a package that the project does not need on this interpreter.
      isWheel =
        name:
        let source = builtins.tryEval (packages.\${name}.src.name or "");
        in source.success && builtins.match ".*[.]whl" source.value != null;
    in
    {
      derivation = builtins.unsafeDiscardStringContext project.drvPath;
      inherit (project) version;
      wheels = builtins.filter isWheel names;
    }`;
}

/**
 * All packages without their tests, but for the project. It is chosen by its attribute: what the packages are, which take each other from the set, must decide nothing of the set. All
 * come from the one file that was generated with tests: versions of two runs that were settled apart may exclude each other.
 *
 * Tests are taken out of the arguments before the set's builder has them. `overridePythonAttrs` would be too late: it is an attribute of the package with tests, a strict builder looks at
 * all inputs before it gives any attribute, and test inputs that need each other would have no end.
 */
function testedOverlay(tested: GeneratedFile): string {
  return `(
    final: prev:
    let
      overlay = import ${nixPath(tested.file)};
      withoutTests =
        attrs:
        removeAttrs attrs [ "nativeCheckInputs" "checkInputs" ] // { doCheck = false; };
      untested =
        build: argument:
        build (if builtins.isFunction argument then finalAttrs: withoutTests (argument finalAttrs) else withoutTests argument);
      builders = builtins.mapAttrs (_: untested) { inherit (final) buildPythonPackage buildPythonApplication; };
      callPackage =
        function: arguments:
        final.callPackage function (builtins.intersectAttrs (builtins.functionArgs function) builders // arguments);
      project = ${nixText(tested.attribute)};
    in
    overlay (final // { inherit callPackage; }) prev
    // { \${project} = (overlay final prev).\${project}; }
  )`;
}
