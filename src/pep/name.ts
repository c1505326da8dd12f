/** The normal form of a project, extra or group name: lower case, runs of `-`, `_` and `.` as one `-` (PEP 503, PEP 685). */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/**
 * Whether the text is a project name by the grammar of PEP 508: ASCII letters, digits, `.`, `-` and `_`, with a letter or digit
 * at both ends.
 */
export function isProjectName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i.test(text);
}
