import * as v from 'valibot';
import { normalPath } from '../python/file-paths.ts';

type Tool = Readonly<Record<string, unknown>>;

const Texts = v.fallback(v.array(v.string()), []);
const ScikitBuild = v.looseObject({
  cmake: v.optional(
    v.looseObject({
      define: v.optional(v.record(v.string(), v.unknown()), {}),
      args: v.optional(Texts, []),
      'source-dir': v.fallback(v.optional(v.string(), ''), ''),
    }),
  ),
});
const MesonPython = v.looseObject({ args: v.optional(v.looseObject({ setup: v.optional(Texts, []) })) });

/** What scikit-build-core defines when it calls CMake: SKBUILD, `tool.scikit-build.cmake.args` and `tool.scikit-build.cmake.define`. */
export function cmakeDefines(tool: Tool): ReadonlyMap<string, string> {
  const decoded = v.safeParse(ScikitBuild, tool['scikit-build']);
  const cmake = decoded.success ? decoded.output.cmake : undefined;
  const stated = Object.entries(cmake?.define ?? {}).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'boolean') return [[name, value ? 'ON' : 'OFF']];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return new Map([['SKBUILD', '2'], ...definitions(cmake?.args ?? []), ...stated]);
}

/** The folder of the CMakeLists.txt that is built, `` for the root: `tool.scikit-build.cmake.source-dir`, or `cmake_source_dir` in the call of scikit-build's setup(). */
export function cmakeFolder(tool: Tool, setup: string | null): string {
  const decoded = v.safeParse(ScikitBuild, tool['scikit-build']);
  const stated = decoded.success ? decoded.output.cmake?.['source-dir'] : undefined;
  const ofSetup = /\bcmake_source_dir\s{0,5}=\s{0,5}["']([\w./-]{1,200})["']/u.exec(setup ?? '')?.[1];
  return normalPath(stated ?? ofSetup ?? '');
}

/** The options of meson.options that meson-python sets: `tool.meson-python.args.setup`. */
export function mesonOptionsOf(tool: Tool): ReadonlyMap<string, string> {
  const decoded = v.safeParse(MesonPython, tool['meson-python']);
  return new Map(definitions(decoded.success ? (decoded.output.args?.setup ?? []) : []));
}

/**
 * The definitions among arguments; `-D` may be a word of its own.
 * argument = "-D" name [":" type] "=" value
 */
function definitions(args: readonly string[]): [string, string][] {
  return args.flatMap((arg, index): [string, string][] => {
    const whole = args[index - 1] === '-D' ? `-D${arg}` : arg;
    const [, name, value] = /^-D\s{0,5}([\w.-]{1,100})(?::\w{1,20})?=(.{0,200})$/u.exec(whole) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
}
