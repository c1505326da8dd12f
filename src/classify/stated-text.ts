import { starSecrets } from '../base/secrets.ts';
import { formatRequirement, type Requirement } from '../pep/requirement.ts';

/** A requirement as `Origin.requirement` shows it: whole, without the credentials of its address. */
export function statedText(requirement: Requirement): string {
  return starSecrets(formatRequirement(requirement));
}
