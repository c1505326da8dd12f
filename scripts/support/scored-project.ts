import type { Comparison } from './compare-lists.ts';
import type { Faults } from './release-checks.ts';

/** The questions that the release itself answers. */
export const RELEASE_QUESTIONS = ['dependencies', 'build-system', 'imports'] as const;
export type ReleaseQuestion = (typeof RELEASE_QUESTIONS)[number];

/** One project with all that was compared. */
export interface ScoredProject {
  readonly name: string;
  readonly version: string;
  /** Why it could not be generated; then nothing is what it has, and it is no right answer to any question. */
  readonly failure: string | null;
  /** Where the run-time requirements were read; null where nothing was generated. */
  readonly requirementsFrom: 'sdist' | 'wheel' | null;
  /** Null: the release does not say (no wheel, what cannot be read). */
  readonly release: Readonly<Record<ReleaseQuestion, Faults | null>>;
  readonly nixpkgs: {
    readonly plain: readonly Comparison[];
    readonly overridden: readonly Comparison[];
  };
}
