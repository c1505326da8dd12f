import type { Requirement } from '../pep/requirement.ts';
import type { Incompatibility } from './incompatibility.ts';

/**
 * Why the terms of an incompatibility exclude each other. All but `conflict` are facts about the world; `conflict` is
 * derived from two other incompatibilities (docs/resolver.md, "Conflicts").
 */
export type Cause =
  /** The request itself has to be met. */
  | { readonly kind: 'root' }
  /** A release, an extra of it, or the request has this requirement. */
  | { readonly kind: 'dependency'; readonly requirement: Requirement; readonly extra: string }
  /** A constraint of the request limits the versions. */
  | { readonly kind: 'constraint' }
  /** An earlier resolution decided the version. */
  | { readonly kind: 'fixed' }
  /** An extra comes with its project. */
  | { readonly kind: 'extra' }
  /** No candidate lies in the range. */
  | { readonly kind: 'no-versions' }
  /** No index has the project. */
  | { readonly kind: 'no-project' }
  | { readonly kind: 'conflict'; readonly left: Incompatibility; readonly right: Incompatibility };
