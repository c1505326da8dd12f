/** How long an answer of an index is used without asking again. */
export const FRESH_SECONDS = 600;

export interface FreshnessRule {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** `--refresh`: ask again, whatever the age. */
  readonly refresh: boolean;
  /** `--offline`: nothing can be asked, so any age will do. */
  readonly offline: boolean;
  /** Default: `FRESH_SECONDS`. */
  readonly seconds?: number;
}

/**
 * Whether a record may be used without asking its server. Servers often send no Cache-Control, so the rule is our own. A record
 * without a time, or from the future (the clock was set back), is not fresh. Records that can never change, such as facts by
 * digest, do not need this.
 */
export function isFresh(record: { readonly fetchedAt: number | null }, rule: FreshnessRule): boolean {
  if (rule.offline) return true;
  if (rule.refresh || record.fetchedAt === null) return false;
  const age = rule.now - record.fetchedAt;
  return age >= 0 && age < (rule.seconds ?? FRESH_SECONDS) * 1000;
}
