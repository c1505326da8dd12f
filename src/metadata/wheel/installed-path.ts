/**
 * Where a file of a wheel lies in site-packages, for example `toolz/__init__.py`; null for what is not installed there: metadata,
 * scripts, headers and data (binary distribution format, "The .data directory").
 */
export function installedPath(path: string): string | null {
  const [folder = '', scheme, ...inner] = path.split('/');
  if (folder.endsWith('.dist-info')) return null;
  if (!folder.endsWith('.data')) return path;
  return (scheme === 'purelib' || scheme === 'platlib') && inner.length > 0 ? inner.join('/') : null;
}
