import { evaluateSetup } from '../python/evaluate-setup.ts';
import { requirementsReading } from '../python/setup-keywords.ts';
import { parsePython } from '../python/syntax.ts';
import type { Place, Reading } from '../release-facts.ts';
import type { SdistFiles } from '../sdist-files.ts';

/**
 * What `get_requires_for_build_wheel` of a backend in the sdist itself (PEP 517, `backend-path`) returns, evaluated like a setup.py; absent for a backend
 * from elsewhere.
 */
export function hookRequires(
  backend: { readonly buildBackend: string | null; readonly backendPath: readonly string[] } | null,
  files: SdistFiles,
): Reading<readonly string[]> {
  const [folder] = backend?.backendPath ?? [];
  const [module, object] = backend?.buildBackend?.split(':') ?? [];
  if (
    folder === undefined ||
    module === undefined ||
    !/^\w+(?:\.\w+)*(?::\w+(?:\.\w+)*)?$/u.test(backend?.buildBackend ?? '')
  )
    return { kind: 'absent' };
  const root = folder.replace(/^\.\/?|\/+$/gu, '');
  if (!/^(?:[\w.-]+(?:\/[\w.-]+)*)?$/u.test(root)) return { kind: 'absent' };
  // The backend's modules as they are found through its path.
  const below = (path: string) => (root === '' ? path : `${root}/${path}`);
  const inPath = {
    ...files,
    text: (path: string) => files.text(below(path)),
    kind: (path: string) => files.kind(below(path)),
    list: (path: string) => files.list(below(path)),
  };
  const path = module.replaceAll('.', '/');
  const file = [`${path}.py`, `${path}/__init__.py`].find((name) => inPath.text(name) !== null);
  if (file === undefined)
    return { kind: 'unknown', place: { file: below(`${path}.py`) }, why: 'the backend is not there or not kept' };
  // A backend that does not speak of this hook has that of setuptools, from which it takes the others.
  const [top = ''] = module.split('.', 1);
  const modules = files.paths.filter(
    (name) => name === below(`${top}.py`) || (name.endsWith('.py') && name.startsWith(below(`${top}/`))),
  );
  const texts = modules.flatMap((name) => files.text(name) ?? []);
  const wrapsSetuptools = texts.some((text) => /\bsetuptools(?:\.|\s+import\s+)build_meta\b/u.test(text));
  if (wrapsSetuptools && texts.length === modules.length && !texts.some((text) => text.includes(HOOK)))
    return { kind: 'known', value: [], place: { file: below(file) } };
  const found =
    object === undefined
      ? `from ${module} import ${HOOK} as hook`
      : `import ${module}\nhook = ${module}.${object}.${HOOK}`;
  const program = `${found}\nfrom setuptools import setup\nsetup(setup_requires=hook({}))\n`;
  const { call } = evaluateSetup(parsePython(PROGRAM, program), inPath);
  const reading = call === null ? null : requirementsReading(call, 'setup_requires');
  const place = hookPlace(inPath.text(file) ?? '', below(file));
  if (reading?.kind === 'known') return { ...reading, place };
  if (reading?.kind === 'absent') return { kind: 'known', value: [], place };
  // What the evaluation did not get to has no place of its own.
  const at =
    reading === null || reading.place.file === PROGRAM ? place : { ...reading.place, file: below(reading.place.file) };
  return { kind: 'unknown', place: at, why: reading?.why ?? 'its module cannot be followed' };
}

const HOOK = 'get_requires_for_build_wheel';
/** The name of what is evaluated, which no file has. */
const PROGRAM = 'a call of the hook';

/** The line that speaks of the hook first. */
function hookPlace(text: string, file: string): Place {
  const line = text.split('\n').findIndex((one) => one.includes(HOOK)) + 1;
  return line === 0 ? { file } : { file, line };
}
