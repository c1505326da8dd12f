/** A term of an incompatibility in words. */
export interface FailureTerm {
  /** `celery` or `celery[redis]`; empty for the request. */
  readonly package: string;
  /** PEP 503 name: `celery`; empty for the request. */
  readonly project: string;
  readonly positive: boolean;
  /** For example `>=1.0,<2`; empty for any version. */
  readonly range: string;
  /** The version when the range is just this one. */
  readonly exact: string | null;
  /** The known candidates in the range, so that ranges can be compared; null when the project was never listed. */
  readonly candidates: readonly string[] | null;
}

/** Why a fact holds. `hints` are whole sentences that tell what the user may do about it. */
export type FailureCause =
  | { readonly kind: 'root' }
  /** `marker`: where the requirement holds, null for all targets. `without`: the option that names the other targets, null when there is none. */
  | { readonly kind: 'dependency'; readonly marker: string | null; readonly without?: string | null }
  /** `allowed`: the range that is left, empty for none. */
  | { readonly kind: 'constraint'; readonly allowed: string }
  /** `by`: what fixed the version. */
  | { readonly kind: 'fixed'; readonly allowed: string; readonly by?: string }
  | { readonly kind: 'no-versions'; readonly hints: readonly string[] }
  /** `clause`: the fact with the names of the indexes that were asked. */
  | { readonly kind: 'no-project'; readonly hints: readonly string[]; readonly clause?: string };

/**
 * Why a request cannot be met: facts at the leaves, and at each inner node what follows from its two children. The root
 * of the tree says that the request cannot be met. A node that is used twice is the same object in both places.
 */
export type DerivationTree =
  | { readonly kind: 'fact'; readonly terms: readonly FailureTerm[]; readonly cause: FailureCause }
  | {
      readonly kind: 'derived';
      readonly terms: readonly FailureTerm[];
      readonly left: DerivationTree;
      readonly right: DerivationTree;
    };
