import { foldersOf } from './test-file-reach.ts';

/**
 * Tells whether a module that a test file imports is of the sdist itself: it is installed by it, lies at its root, in src/ or in the folder of its build
 * backend, or lies beside the test or beside a folder above it, which test runners put on the path.
 */
export function ownModules(sdist: {
  readonly paths: readonly string[];
  /** Importable names that the package installs. */
  readonly installed: readonly string[];
  /** `build-system.backend-path`. */
  readonly backendPath: readonly string[];
}): (module: string, file: string) => boolean {
  const files = new Set(sdist.paths);
  const installed = new Set(sdist.installed.flatMap((module) => [module.split('.', 1)[0], module.split('.').at(-1)]));
  const python = sdist.paths.filter((path) => path.endsWith('.py'));
  const topFolders = new Set(python.map((path) => path.split('/', 1)[0]));
  const inSource = new Set(python.filter((path) => path.startsWith('src/')).map((path) => path.split('/')[1]));
  const roots = ['', 'src', ...sdist.backendPath];

  return (dotted, file) => {
    const module = dotted.split('.', 1)[0] ?? dotted;
    if (installed.has(module) || topFolders.has(module) || inSource.has(module) || isTestPackage(module)) return true;
    const folders = [...foldersOf(file), ...roots];
    return folders.some((folder) => {
      const whole = within(folder, dotted.replaceAll('.', '/'));
      if (files.has(within(folder, `${module}.py`)) || files.has(`${whole}.py`)) return true;
      if (dotted !== module && files.has(`${whole}/__init__.py`)) return true;
      // In tests that are a package, tests/docker/__init__.py is no module `docker`.
      return !files.has(within(folder, '__init__.py')) && files.has(within(folder, `${module}/__init__.py`));
    });
  };
}

/** Names that only tests have: no project is installed under them, so they are of the sdist, or were left out of it. */
function isTestPackage(module: string): boolean {
  return /^(?:tests?|tests?_\w+|\w+_tests|conftest|helpers?)$/u.test(module);
}

function within(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}
