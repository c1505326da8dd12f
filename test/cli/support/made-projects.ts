import { type MadeSdist, makeSdist } from '../../support/archives.ts';
import type { CommandBench, CommandOutcome } from './run-command.ts';

/** What a made-up release asks for. */
export interface MadeRelease {
  readonly requires?: readonly string[];
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  readonly build?: readonly string[];
  /** Requirements of the dependency group `test`; without: no tests. The tests import nothing but the project. */
  readonly tests?: readonly string[];
  readonly setupScript?: string;
  /** Whether its metadata stands in the old table of flit, which flit_core builds; false when missing. */
  readonly isOldFlit?: boolean;
}

/** An sdist of a made-up release. */
export async function madeRelease(name: string, version: string, made: MadeRelease): Promise<MadeSdist> {
  const { requires = [], extras = {}, build = ['setuptools'], tests, setupScript, isOldFlit = false } = made;
  const module = name.replaceAll('-', '_');
  const ofExtras = Object.entries(extras).flatMap(([extra, members]) => [
    `Provides-Extra: ${extra}`,
    ...members.map((member) => `Requires-Dist: ${member}; extra == "${extra}"`),
  ]);
  const metadata = [
    ...['Metadata-Version: 2.2', `Name: ${name}`, `Version: ${version}`, 'License-Expression: MIT'],
    ...requires.map((requirement) => `Requires-Dist: ${requirement}`),
    ...ofExtras,
  ];
  // What only measures is no input where the configuration does not ask for it.
  const options = tests?.includes('pytest-cov') === true ? '[tool.pytest.ini_options]\naddopts = "--cov"\n' : '';
  const group = tests === undefined ? '' : `${options}[dependency-groups]\ntest = ${JSON.stringify(tests)}\n`;
  const backend = isOldFlit ? 'flit_core.buildapi' : 'setuptools.build_meta';
  const flit = isOldFlit ? `[tool.flit.metadata]\nmodule = "${module}"\nauthor = "A. Person"\n` : '';
  return makeSdist(name, version, {
    'PKG-INFO': `${metadata.join('\n')}\n`,
    'pyproject.toml': `[build-system]\nrequires = ${JSON.stringify(build)}\nbuild-backend = "${backend}"\n${flit}${group}`,
    [`${module}/__init__.py`]: '',
    ...(tests === undefined ? {} : { 'tests/test_it.py': `import ${module}\n\n\ndef test_it():\n    pass\n` }),
    ...(setupScript === undefined ? {} : { 'setup.py': setupScript }),
  });
}

/** Puts projects into the index of a bench, each with its releases by version, or with one release 1.0. */
export async function serveProjects(
  bench: CommandBench,
  projects: Readonly<Record<string, MadeRelease | { readonly versions: Readonly<Record<string, MadeRelease>> }>>,
): Promise<void> {
  for (const [name, releases] of Object.entries(projects)) {
    const byVersion = 'versions' in releases ? releases.versions : { '1.0': releases };
    const made = Object.entries(byVersion).map(([version, release]) => madeRelease(name, version, release));
    bench.index.project(name, await Promise.all(made));
  }
}

/** The messages of an outcome without the lines of progress, for whole comparisons. */
export function messagesOf({ stderr }: CommandOutcome): readonly string[] {
  return stderr.split('\n').filter((line) => line !== '' && !/^(?:resolving|reading) /u.test(line));
}

/** What messages say of the index of the tests, whose port is another one each time. */
export function withoutPort(text: string): string {
  return text.replaceAll(/http:\/\/127\.0\.0\.1:\d+\/simple\//gu, 'THE-INDEX');
}

/** The expression of one package of a printed overlay, without the indentation of the file and with made-up digests. */
export function expressionOf(name: string, { stdout }: CommandOutcome): string {
  const [, after = ''] = stdout.split(`  ${name} = final.callPackage (\n`);
  const [body = ''] = after.split('\n  ) { };');
  return body.replaceAll(/^ {4}/gmu, '').replace(/"sha256-[^"]*"/u, '"sha256-..."');
}
