import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { EXIT } from '../../src/base/user-error.ts';
import { parseArguments } from '../../src/cli/options.ts';
import { VERSION } from '../../src/cli/version.ts';
import { tryEvaluateJson } from '../../src/nix-run/evaluate.ts';
import { createStyle } from '../../src/report/style.ts';
import { type ListedProject, parseProjectList } from './corpus-list.ts';
import { type ListedNames, listedNames } from './listed-names.ts';
import { type Outcome, runEach } from './run-each.ts';
import { PROJECTS_AT_A_TIME, type ScriptHost } from './script-world.ts';
import { parseTruth } from './truth.ts';

const USAGE = 'usage: npm run -s evaluate-corpus -- LIST|TRUTH.json [option of generate...]';
const STAND_IN = fileURLToPath(new URL('../../test/nixpkgs', import.meta.url));

const EVALUATED = v.record(
  v.string(),
  v.object({
    /** By attribute, the arguments that nothing has. */
    unknown: v.record(v.string(), v.array(v.string())),
    /** By attribute, what was made of its package; null where arguments are unknown. */
    made: v.nullable(v.record(v.string(), v.unknown())),
  }),
);
type Evaluated = v.InferOutput<typeof EVALUATED>;

/**
 * Generates each project of a list as `pypi2nix NAME` does, and evaluates all of them in one run of Nix against the names that nixpkgs is known to have,
 * extras and test inputs included. Prints what takes an argument that nothing has. Gives the exit code.
 */
export async function evaluateCorpus(args: readonly string[], host: ScriptHost): Promise<number> {
  const [list, ...options] = args;
  if (list === undefined) {
    host.stderr(USAGE);
    return EXIT.usage;
  }
  const projects = readList(await readFile(path.resolve(host.directory, list), 'utf8'));
  await mkdir(host.output, { recursive: true });
  const outcomes = await runEach(projects, (project) => generateFile(project, { options, host }), {
    atATime: PROJECTS_AT_A_TIME,
    onLine: host.stderr,
  });
  const files = outcomes.flatMap((outcome) => (outcome.kind === 'done' ? [outcome.value] : []));
  const failed = projects.flatMap(({ name }, index) => failureText(name, outcomes[index]));
  const found = await evaluated(files, host);
  const unknown = Object.entries(found.value).flatMap(([file, { unknown: names }]) =>
    Object.entries(names).map(
      ([attribute, missing]) => `${file}: ${attribute} takes ${missing.join(', ')}, which nothing has`,
    ),
  );
  for (const line of [...failed, ...unknown, ...found.failures]) host.stdout(line);
  const good = files.length - new Set([...unknown, ...found.failures].map((line) => line.split(':')[0])).size;
  host.stdout(`${projects.length} projects: ${files.length} generated, ${good} evaluate`);
  return good === projects.length ? EXIT.done : EXIT.unmet;
}

/** A list of projects, or a truth file, whose versions stay open. */
function readList(text: string): readonly ListedProject[] {
  return text.trimStart().startsWith('[')
    ? parseTruth(text).map(({ pypi }) => ({ name: pypi, version: null }))
    : parseProjectList(text);
}

interface NamedFile {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

async function generateFile(
  { name, version }: ListedProject,
  { options, host }: { readonly options: readonly string[]; readonly host: ScriptHost },
): Promise<NamedFile> {
  const { environment } = host;
  const requirement = version === null ? name : `${name}==${version}`;
  const invocation = parseArguments(['generate', requirement, ...options], { version: VERSION, environment });
  if (invocation.kind !== 'generate') throw new Error('no command that generates');
  const result = await invocation.run({ environment, directory: host.output, onProgress: () => {} });
  const file = path.join(host.output, `${name}.nix`);
  await writeFile(file, result.stdout);
  await writeFile(path.join(host.output, `${name}.notes`), result.report(createStyle(false)).join('\n'));
  return { name, file, text: result.stdout };
}

function failureText(name: string, outcome: Outcome<NamedFile> | undefined): string[] {
  return outcome?.kind === 'failed' ? [`${name}: ${outcome.message}`] : [];
}

/** All files in one run. What Nix cannot catch (an attribute that is missing, recursion without end) ends the run: then each file is evaluated by itself, to tell which it was. */
async function evaluated(
  files: readonly NamedFile[],
  host: ScriptHost,
): Promise<{ readonly value: Evaluated; readonly failures: readonly string[] }> {
  const names = await listedNames();
  const together = await evaluateFiles(files, { names, host });
  if (typeof together !== 'string') return { value: together, failures: [] };
  const value: Evaluated = {};
  const failures: string[] = [];
  for (const file of files) {
    const one = await evaluateFiles([file], { names, host });
    if (typeof one === 'string') failures.push(`${file.name}: ${one}`);
    else Object.assign(value, one);
  }
  return { value, failures };
}

/** What Nix makes of the files, or the end of its message. */
async function evaluateFiles(
  files: readonly NamedFile[],
  { names, host }: { readonly names: ListedNames; readonly host: ScriptHost },
): Promise<Evaluated | string> {
  const entries = files.map(({ name, file }) => `"${name}" = ${nixText(file)};`);
  const extras = new Set(
    files.flatMap(({ text }) =>
      [...text.matchAll(/optional-dependencies\."?([\w-]+)/gu)].map(([, extra = '']) => extra),
    ),
  );
  const expression = `import ${nixText(CHECKER)} {
    standIn = ${nixText(STAND_IN)};
    files = { ${entries.join(' ')} };
    pythonNames = ${nixList(names.python)};
    helperNames = ${nixList(names.helpers)};
    systemNames = ${nixList(names.system)};
    extras = ${nixList([...extras])};
  }`;
  const result = await tryEvaluateJson(expression, {
    environment: host.environment,
    outputLimit: 256 * 1024 ** 2,
    arguments: ['--option', 'restrict-eval', 'false'],
  });
  if (result.ok) return v.parse(EVALUATED, result.value);
  return result.error.message.replace(/\s+/gu, ' ').slice(-600);
}

const CHECKER = fileURLToPath(new URL('evaluate-corpus.nix', import.meta.url));

function nixList(texts: readonly string[]): string {
  return `[ ${texts.map(nixText).join(' ')} ]`;
}

function nixText(text: string): string {
  return `"${text.replaceAll(/["\\$]/gu, (sign) => `\\${sign}`)}"`;
}
