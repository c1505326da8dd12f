import { evaluateSetup } from '../python/evaluate-setup.ts';
import { requirementsReading } from '../python/setup-keywords.ts';
import { parsePython } from '../python/syntax.ts';
import type { SdistFiles } from '../sdist-files.ts';

/**
 * What `get_requires_for_build_wheel` of a backend in the sdist itself (PEP 517, `backend-path`) returns, evaluated like a setup.py; null for a backend
 * from elsewhere, and where it cannot be told.
 */
export function hookRequires(
  backend: { readonly buildBackend: string | null; readonly backendPath: readonly string[] } | null,
  files: SdistFiles,
): readonly string[] | null {
  const [folder] = backend?.backendPath ?? [];
  const module = backend?.buildBackend?.split(':', 1)[0];
  if (folder === undefined || module === undefined || !/^\w+(?:\.\w+)*$/u.test(module)) return null;
  const root = folder.replace(/^\.\/?|\/+$/gu, '');
  if (!/^(?:[\w.-]+(?:\/[\w.-]+)*)?$/u.test(root)) return null;
  // The backend's modules as they are found through its path.
  const below = (path: string) => (root === '' ? path : `${root}/${path}`);
  const inPath = {
    ...files,
    text: (path: string) => files.text(below(path)),
    kind: (path: string) => files.kind(below(path)),
    list: (path: string) => files.list(below(path)),
  };
  const file = `${module.replaceAll('.', '/')}.py`;
  if (inPath.text(file) === null && inPath.text(`${module.replaceAll('.', '/')}/__init__.py`) === null) return null;
  // A backend that does not speak of this hook has that of setuptools, from which it takes the others.
  const [top = ''] = module.split('.', 1);
  const modules = files.paths.filter(
    (path) => path === below(`${top}.py`) || (path.endsWith('.py') && path.startsWith(below(`${top}/`))),
  );
  const texts = modules.flatMap((path) => files.text(path) ?? []);
  const wrapsSetuptools = texts.some((text) => /\bsetuptools(?:\.|\s+import\s+)build_meta\b/u.test(text));
  if (
    wrapsSetuptools &&
    texts.length === modules.length &&
    !texts.some((text) => text.includes('get_requires_for_build_wheel'))
  )
    return [];
  const program = `from ${module} import get_requires_for_build_wheel as hook\nfrom setuptools import setup\nsetup(setup_requires=hook({}))\n`;
  const { call } = evaluateSetup(parsePython('setup.py', program), inPath);
  const reading = call === null ? null : requirementsReading(call, 'setup_requires');
  return reading?.kind === 'known' ? reading.value : reading?.kind === 'absent' ? [] : null;
}
