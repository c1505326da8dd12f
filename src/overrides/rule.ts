import type {
  InputListName,
  Licence,
  Meta,
  PythonInput,
  SystemInput,
  TextAttributeName,
  TextPart,
} from '../classify/package-facts.ts';
import type { Marker } from '../pep/marker.ts';
import type { SpecifierSet } from '../pep/specifier.ts';

/** An entry of a list of inputs as a rule states it. */
export type InputEntry = Omit<PythonInput, 'origins'> | Omit<SystemInput, 'origins'>;

/** The lists of inputs, in the order in which they are changed. */
export const LISTS_OF_INPUTS = [
  'build-system',
  'nativeBuildInputs',
  'buildInputs',
  'dependencies',
  'nativeCheckInputs',
] as const satisfies readonly InputListName[];

/** The phases. */
export const PHASES = [
  'postPatch',
  'preConfigure',
  'preBuild',
  'postInstall',
  'preCheck',
  'postCheck',
] as const satisfies readonly TextAttributeName[];

/** Lists of names and paths that rules may change; `patches` has names of files. */
export const TEXT_LISTS = [
  'patches',
  'disabledTests',
  'disabledTestPaths',
  'pythonImportsCheck',
  'pythonRelaxDeps',
  'pythonRemoveDeps',
] as const;
export type TextListName = (typeof TEXT_LISTS)[number];

/** The texts of `meta` that rules may set. */
export const META_TEXTS = ['description', 'homepage', 'changelog', 'mainProgram'] as const satisfies (keyof Meta)[];
export type MetaTextName = (typeof META_TEXTS)[number];

/** `replace` states the whole list. */
export type ListVerb = 'add' | 'remove' | 'replace';

/** One change that a rule makes. */
export type Change =
  | {
      readonly kind: 'inputs';
      readonly list: InputListName;
      readonly verb: ListVerb;
      readonly entries: readonly InputEntry[];
    }
  | {
      readonly kind: 'extra';
      /** PEP 503 form. */
      readonly extra: string;
      readonly verb: ListVerb;
      readonly entries: readonly InputEntry[];
    }
  | {
      readonly kind: 'texts';
      readonly list: TextListName;
      readonly verb: ListVerb;
      readonly entries: readonly string[];
    }
  | {
      readonly kind: 'text';
      readonly attribute: TextAttributeName;
      /** Empty: the attribute is taken away. */
      readonly parts: readonly TextPart[];
    }
  | { readonly kind: 'env'; readonly name: string; readonly parts: readonly TextPart[] }
  | { readonly kind: 'doCheck' | 'disabledOnPyPy'; readonly value: boolean }
  | { readonly kind: 'meta'; readonly field: MetaTextName; readonly value: string }
  | { readonly kind: 'licence'; readonly licences: readonly Licence[] }
  | { readonly kind: 'format'; readonly value: 'sdist' | 'wheel' };

/** One `[[rule]]` of an override file. */
export interface OverrideRule {
  /** PEP 503 name of the project that the file is about. */
  readonly project: string;
  /** The file as it is shown, for example `overrides/lxml.toml`. */
  readonly file: string;
  /** Line of `[[rule]]`, from 1. */
  readonly line: number;
  /** Which rule of the file it is, from 1. */
  readonly number: number;
  /** One line, with or without a final full stop. */
  readonly reason: string;
  /** Whether the reason is printed above phases and variables; of checks and tests it always is. */
  readonly comment: boolean;
  /** All that are there must hold. */
  readonly when: {
    readonly version: SpecifierSet | null;
    /** Bounds on the release of nixpkgs, as versions such as `22.11`. */
    readonly nixpkgs: SpecifierSet | null;
    /** Must be true on at least one target. */
    readonly marker: Marker | null;
  };
  /** In the order in which they are made. */
  readonly changes: readonly Change[];
  /** The texts of the patches that the rule adds, by file name; missing: it adds none. */
  readonly patches?: ReadonlyMap<string, string>;
}

/** How messages speak of a rule: `rule 2 of overrides/lxml.toml`. */
export function ruleTitle(rule: OverrideRule): string {
  return `rule ${rule.number} of ${rule.file}`;
}
