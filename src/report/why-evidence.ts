import { joinWords, oneLine } from '../base/text.ts';
import type { ReadRelease } from '../classify/classify.ts';
import type { Origin, PackageFacts } from '../classify/package-facts.ts';
import type { Reading, SdistFacts } from '../metadata/release-facts.ts';
import type { AttributeOrigins } from './why-trace.ts';

/**
 * Where the attributes of a package come from that are no inputs, as far as its release shows it: for each value the places that state this very value.
 * The licence is told by `licenceOrigins`, which needs the rules by which it is chosen.
 */
export function attributeOrigins(
  facts: PackageFacts,
  { release, licence }: { readonly release: ReadRelease; readonly licence: readonly Origin[] },
): AttributeOrigins {
  const { meta } = facts;
  const file = release.facts.kind === 'wheel' ? 'METADATA' : 'PKG-INFO';
  const metadata = release.facts.kind === 'sdist' ? release.facts.sdist.coreMetadata : release.facts.wheel.coreMetadata;
  const sdist = release.facts.kind === 'sdist' ? release.facts.sdist : null;
  const ofUrl = (url: string | null): Origin[] => (url === null ? [] : urlOrigins(url, { file, metadata, sdist }));
  return {
    checkRunner: sdist === null ? [] : runnerOrigins(facts, sdist),
    pythonImportsCheck: importOrigins(facts, release),
    disabled: facts.disabled === null ? [] : [pythonOrigin(release.requiresPython, { file, metadata, sdist })],
    description: meta.description === null ? [] : descriptionOrigins(meta.description, { file, metadata, sdist }),
    homepage: ofUrl(meta.homepage),
    changelog: ofUrl(meta.changelog),
    license: licence,
    mainProgram: meta.mainProgram === null ? [] : programOrigins(meta.mainProgram, release),
    format: [formatOrigin(facts)],
    'env.PYTEST_ADDOPTS': sdist === null ? [] : namedTestOrigins(sdist),
  };
}

interface Stating {
  /** The file of the core metadata. */
  readonly file: string;
  readonly metadata: SdistFacts['coreMetadata'];
  readonly sdist: SdistFacts | null;
}

/** The place of a field of the core metadata; its line is known of sdists. */
function fieldPlace(field: string, { file, sdist }: Pick<Stating, 'file' | 'sdist'>): Pick<Origin, 'file' | 'line'> {
  const lines = sdist?.fieldLines ?? {};
  const key = field.toLowerCase();
  const line = Object.hasOwn(lines, key) ? lines[key] : undefined;
  return line === undefined ? { file } : { file, line };
}

function runnerOrigins(facts: PackageFacts, { tests }: SdistFacts): Origin[] {
  if (facts.check.runner === null) return [];
  const asked = facts.inputs.nativeCheckInputs.find(
    (input) => input.kind === 'python' && input.name === facts.check.runner,
  );
  const evidence = tests.runner === null ? [] : [inference(tests.runner.evidence)];
  return asked === undefined
    ? evidence
    : [...asked.origins, ...evidence.filter(({ text }) => !asked.origins.some((origin) => isSaid(text, origin)))];
}

/** Whether an origin tells the same with its line: `FILE imports pytest`. */
function isSaid(text: string, origin: Origin): boolean {
  return origin.text === text || (origin.file !== undefined && text.startsWith(`${origin.file} imports `));
}

/** Test files that pytest does not find by their names are named to it. */
function namedTestOrigins({ tests }: SdistFacts): Origin[] {
  return tests.named.map((file) => ({
    kind: 'inference',
    text: 'a test file that pytest does not collect by its name',
    file,
  }));
}

function importOrigins(facts: PackageFacts, { facts: read }: ReadRelease): Origin[] {
  if (facts.importsCheck.length === 0) return [];
  if (read.kind === 'sdist')
    return [
      inference('the modules that the sdist installs, found in its tree and what the build backend says of packages'),
    ];
  return read.wheel.modules === null ? [] : [inference('the modules in the RECORD of the wheel')];
}

function pythonOrigin(requiresPython: string | null, { file, metadata, sdist }: Stating): Origin {
  const asked = requiresPython ?? '';
  const requirement = { requirement: oneLine(asked) };
  if (metadata?.requiresPython === asked)
    return {
      kind: 'requirement',
      text: 'declared in Requires-Python',
      ...fieldPlace('Requires-Python', { file, sdist }),
      ...requirement,
    };
  if (sdist?.pyproject?.project?.requiresPython === asked)
    return { kind: 'requirement', text: 'declared in project.requires-python', file: 'pyproject.toml', ...requirement };
  const stated = sdist?.setupScript?.pythonRequires;
  if (stated?.kind === 'known' && stated.value === asked)
    return { kind: 'requirement', text: 'declared in python_requires', ...stated.place, ...requirement };
  return { kind: 'requirement', text: 'declared by the index for its files', ...requirement };
}

function descriptionOrigins(description: string, { file, metadata, sdist }: Stating): Origin[] {
  // It is made shorter, so that equal texts are those that have it inside.
  const has = (text: string | null | undefined): boolean =>
    text !== null && text !== undefined && oneLine(text).includes(description);
  if (has(metadata?.summary))
    return [{ kind: 'requirement', text: 'the Summary', ...fieldPlace('Summary', { file, sdist }) }];
  if (has(sdist?.pyproject?.project?.description))
    return [{ kind: 'requirement', text: 'project.description', file: 'pyproject.toml' }];
  return readingsOf(sdist, (part) => part.description)
    .filter(({ value }) => has(value))
    .map(({ place }) => ({ kind: 'requirement', text: 'the description of setup()', ...place }));
}

function urlOrigins(url: string, { file, metadata, sdist }: Stating): Origin[] {
  const origins: Origin[] = [];
  if (metadata?.homePage === url)
    origins.push({ kind: 'requirement', text: 'the Home-page', ...fieldPlace('Home-page', { file, sdist }) });
  for (const { label, url: stated } of metadata?.projectUrls ?? [])
    if (stated === url)
      origins.push({
        kind: 'requirement',
        text: `the Project-URL “${oneLine(label)}”`,
        ...fieldPlace(`Project-URL: ${label}`, { file, sdist }),
      });
  for (const [label, stated] of Object.entries(sdist?.pyproject?.project?.urls ?? {}))
    if (stated === url)
      origins.push({ kind: 'requirement', text: `the URL “${oneLine(label)}”`, file: 'pyproject.toml' });
  for (const { value, place } of readingsOf(sdist, (part) => part.url))
    if (value === url) origins.push({ kind: 'requirement', text: 'the url of setup()', ...place });
  return origins;
}

function programOrigins(program: string, { facts }: ReadRelease): Origin[] {
  if (facts.kind === 'wheel') return [inference('the only console script of the wheel')];
  const { sdist } = facts;
  if (sdist.pyproject?.project?.scripts.includes(program) === true)
    return [{ kind: 'requirement', text: 'the only script', file: 'pyproject.toml' }];
  return readingsOf(sdist, (part) => part.consoleScripts)
    .filter(({ value }) => value.includes(program))
    .map(({ place }) => ({ kind: 'requirement', text: 'the only console script of setup()', ...place }));
}

function formatOrigin({ source }: PackageFacts): Origin {
  if (source.kind === 'sdist' || source.kind === 'wheel') return inference(`built from ${source.filename}`);
  return inference(
    source.kind === 'git' ? `built from the commit ${source.rev}` : 'built from a folder of this machine',
  );
}

type SetupPart = NonNullable<SdistFacts['setupScript'] | SdistFacts['setupCfg']>;

function readingsOf<T>(
  sdist: SdistFacts | null,
  read: (part: SetupPart) => Reading<T>,
): Extract<Reading<T>, { kind: 'known' }>[] {
  return [sdist?.setupScript ?? null, sdist?.setupCfg ?? null].flatMap((part) => {
    const reading = part === null ? null : read(part);
    return reading?.kind === 'known' ? [reading] : [];
  });
}

function inference(text: string): Origin {
  return { kind: 'inference', text };
}

/** What a release says of its licence, by how clear it is; the clearest first. */
export interface LicenceStatements {
  readonly expressions: readonly string[];
  readonly classifiers: readonly string[];
  readonly texts: readonly string[];
  readonly files: readonly { readonly path: string; readonly spdx: string | null }[];
  readonly sentences: readonly string[];
}

/**
 * Where the licence of a release comes from. `decides` tells whether statements alone lead to the licence that was found: the clearest that do are the evidence,
 * and where none does alone, all of them together are.
 */
export function licenceOrigins(
  statements: LicenceStatements,
  decides: (some: LicenceStatements) => boolean,
): readonly Origin[] {
  const kinds = ['expressions', 'classifiers', 'texts', 'files', 'sentences'] as const;
  const none: LicenceStatements = { expressions: [], classifiers: [], texts: [], files: [], sentences: [] };
  const said = kinds.filter((kind) => statements[kind].length > 0);
  const deciding = said.filter((kind) => decides({ ...none, [kind]: statements[kind] }));
  return (deciding.length > 0 ? deciding : said).flatMap((kind): Origin[] => {
    if (kind === 'files') {
      return statements.files.flatMap(({ path, spdx }) =>
        spdx === null ? [] : [{ kind: 'inference', text: `has the text of ${spdx}`, file: path }],
      );
    }
    const shown = [...new Set(statements[kind].map((text) => `“${oneLine(text).slice(0, LONGEST)}”`))];
    const text = `${WHAT[kind]} ${joinWords(shown)}`;
    return [kind === 'sentences' ? inference(text) : { kind: 'requirement', text }];
  });
}

const LONGEST = 100;

const WHAT = {
  expressions: 'the licence expression',
  classifiers: 'the classifiers',
  texts: 'the licence field',
  sentences: 'the description or the header of setup.py says',
} as const;
