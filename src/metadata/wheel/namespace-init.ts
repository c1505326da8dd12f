import { installedPath } from './installed-path.ts';

/** An `__init__.py` that only declares a namespace is a line or two; a licence above it fits too. */
export const MAX_NAMESPACE_INIT_BYTES = 2048;
/** How deep such packages lie: `a`, `a.b` and `a.b.c`. */
const MAX_DEPTH = 3;

/** The package, as a path in site-packages, whose `__init__.py` a member is and that is not nested too deep for a namespace; else null. */
export function outerPackage(path: string): string | null {
  const installed = installedPath(path);
  if (installed === null || !installed.endsWith('/__init__.py')) return null;
  const folder = installed.slice(0, -'/__init__.py'.length);
  return folder.split('/').length <= MAX_DEPTH ? folder : null;
}

/**
 * Whether an `__init__.py` declares its package a namespace that other projects share, in the ways from before PEP 420: by `pkgutil`
 * or `pkg_resources`.
 */
export function declaresNamespace(source: string): boolean {
  return /\bextend_path\s*\(|\bdeclare_namespace\s*\(/.test(source);
}
