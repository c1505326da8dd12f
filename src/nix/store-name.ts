/** The name of a store path with what it must not have replaced: other characters than letters, digits and `+._?=-`, and a dot in front. Never empty. */
export function storeName(name: string): string {
  return name.replace(/[^A-Za-z0-9+._?=-]/gu, '-').replace(/^\.+/u, '') || 'source';
}
