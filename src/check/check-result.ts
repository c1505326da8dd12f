import type { Finding } from './finding.ts';
import type { Proposal } from './proposal.ts';

/** A step of a check. */
export type CheckStep = 'parse' | 'evaluate' | 'build';

/** What happened to a package. */
export type Outcome =
  /** It went well as far as it was asked for. */
  | { readonly kind: 'done'; readonly step: CheckStep }
  | { readonly kind: 'failed'; readonly step: CheckStep }
  /** Its own build was not begun, because these failed: packages of the repository by their attribute, others by the name of their derivation. */
  | { readonly kind: 'needs'; readonly names: readonly string[] }
  /** Its expression says that it is not for this interpreter. */
  | { readonly kind: 'not for this interpreter' };

/** A finding with what would help. */
export interface Explained {
  readonly finding: Finding;
  /** What it says, a sentence without final full stop. */
  readonly text: string;
  /** What a user can do where no rule is proposed, or instead of it; null: nothing is known. */
  readonly advice: string | null;
  /** The most probable first. */
  readonly proposals: readonly { readonly proposal: Proposal; readonly text: string }[];
}

/** The folder of a failed build that Nix has kept. */
export interface KeptFolder {
  readonly folder: string;
  /** The command line that enters it, for a POSIX shell. */
  readonly enter: string;
}

/** What a check found out about one package for one interpreter. */
export interface CheckedPackage {
  /** PEP 503 name. */
  readonly project: string;
  readonly attribute: string;
  /** X.Y of its interpreter, or the name of the set as default.nix has it; null: not known, because it does not evaluate. */
  readonly interpreter: string | null;
  readonly outcome: Outcome;
  /** How long its build took; null: none was begun. */
  readonly seconds: number | null;
  /** Path of the log, relative to the repository; null: none. */
  readonly log: string | null;
  readonly kept: KeptFolder | null;
  /** Of a failure; empty where nothing explains it. */
  readonly explained: readonly Explained[];
  /** The last lines of what a failure said, safe to show. */
  readonly messages: string;
}

/** What became of a rule that `--fix` wrote. */
export interface TriedRule {
  /** PEP 503 name. */
  readonly project: string;
  /** The file, relative to the repository: `overrides/lxml.toml`. */
  readonly file: string;
  /** What the rule does: `add zlib to buildInputs`. */
  readonly text: string;
  /** The finding that it is for, a sentence without final full stop. */
  readonly because: string;
  /** `helped`: what it is for does not happen any more. `open`: what failed could not be tried with it. */
  readonly outcome: 'helped' | 'taken back' | 'open';
  /** Why it was taken back, or is open; null where it helped. */
  readonly why: string | null;
  /** What gave way to it: edits by hand, and rules of other folders. Sentences without final full stop. */
  readonly remarks: readonly string[];
}

/** The result of a check. */
export interface CheckResult {
  /** In the order of their names. */
  readonly packages: readonly CheckedPackage[];
  /** What `--fix` did, in order. */
  readonly tried: readonly TriedRule[];
}
