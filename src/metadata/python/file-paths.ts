/**
 * Joins paths as os.path.join does, and takes out `.` and `..`. Paths are relative to the root of the sdist, which is the working
 * folder of setup.py and is `` here. What leads out of it starts with `/` or `../` and is never read.
 */
export function joinPath(...parts: readonly string[]): string {
  let joined = '';
  for (const part of parts) {
    if (part.startsWith('/')) joined = part;
    else joined = joined === '' || joined.endsWith('/') ? joined + part : `${joined}/${part}`;
  }
  return normalPath(joined);
}

export function normalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    const last = segments.at(-1);
    if (segment === '..' && last !== undefined && last !== '..') segments.pop();
    else segments.push(segment);
  }
  return (path.startsWith('/') ? '/' : '') + segments.join('/');
}

export function parentPath(path: string): string {
  const normal = normalPath(path);
  if (normal === '' || normal.endsWith('..')) return normalPath(`${normal}/..`);
  return normal.includes('/') ? normal.slice(0, normal.lastIndexOf('/')) : '';
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
