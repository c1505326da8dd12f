import { oneLine } from '../base/text.ts';
import type { ReadRelease } from '../classify/classify.ts';
import type { Origin, PackageFacts } from '../classify/package-facts.ts';
import type { Place, Reading, SdistFacts, WheelFacts } from '../metadata/release-facts.ts';
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

/** The place of a field of the core metadata; `what` tells which of several. */
function fieldPlace(
  field: string,
  { file, metadata, sdist }: Stating,
  what?: string,
): Required<Pick<Origin, 'file'>> & Pick<Origin, 'line'> {
  const key = what === undefined ? field : `${field}: ${what.trim()}`;
  return { file, ...lineIn(sdist === null ? metadata?.lines : sdist.fieldLines, key) };
}

/** The place of a key of the project's table in pyproject.toml: of the first of these that has a line. */
function tablePlace(
  sdist: SdistFacts,
  ...keys: readonly string[]
): Required<Pick<Origin, 'file'>> & Pick<Origin, 'line'> {
  const { project = null, fieldLines } = sdist.pyproject ?? {};
  const lines = keys.map((key) => lineIn(fieldLines, `${project?.table ?? 'project'}.${key}`));
  return { file: 'pyproject.toml', ...lines.find(({ line }) => line !== undefined) };
}

function lineIn(lines: Readonly<Record<string, number>> = {}, key: string): Pick<Origin, 'line'> {
  const folded = key.toLowerCase();
  const line = Object.hasOwn(lines, folded) ? lines[folded] : undefined;
  return line === undefined ? {} : { line };
}

function runnerOrigins(facts: PackageFacts, { tests }: SdistFacts): Origin[] {
  if (facts.check.runner === null) return [];
  const asked = facts.inputs.nativeCheckInputs.find(
    (input) => input.kind === 'python' && input.name === facts.check.runner,
  );
  const evidence = tests.runner === null ? [] : [runnerEvidence(tests.runner)];
  return asked === undefined
    ? evidence
    : [...asked.origins, ...evidence.filter((one) => !asked.origins.some((origin) => isSaid(one, origin)))];
}

/** `conftest.py imports pytest` is told as `imports pytest`, with its file as its place. */
function runnerEvidence({ evidence, file }: NonNullable<SdistFacts['tests']['runner']>): Origin {
  if (file === undefined || !evidence.startsWith(`${file} `)) return inference(evidence);
  return { ...inference(evidence.slice(file.length + 1)), file };
}

/** Whether an origin tells the same with its line: `a test imports pytest`. */
function isSaid({ text, file }: Origin, origin: Origin): boolean {
  return origin.text === text || (file !== undefined && origin.file === file && text.startsWith('imports '));
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
  if (read.kind === 'wheel') return wheelImportOrigins(facts, read.wheel);
  const known = read.sdist.moduleOrigins ?? {};
  const told = facts.importsCheck.flatMap((module) =>
    (Object.hasOwn(known, module) ? (known[module] ?? []) : []).map(
      ({ kind, what, ...place }): Origin =>
        kind === 'statement'
          ? { kind: 'requirement', text: `named in ${what}`, ...place, requirement: module }
          : { ...inference('the sdist has the module'), ...place, requirement: module },
    ),
  );
  const isTold = (module: string): boolean => told.some(({ requirement }) => requirement === module);
  const found = 'the modules that the sdist installs, found in its tree and what the build backend says of packages';
  return facts.importsCheck.every(isTold) ? told : [...told, inference(found)];
}

function wheelImportOrigins({ importsCheck }: PackageFacts, { modules, moduleFiles = {} }: WheelFacts): Origin[] {
  if (modules === null) return [];
  const told = importsCheck.flatMap((module): Origin[] => {
    const file = Object.hasOwn(moduleFiles, module) ? moduleFiles[module] : undefined;
    return file === undefined
      ? []
      : [{ ...inference('the RECORD of the wheel has the module'), file, requirement: module }];
  });
  return told.length === importsCheck.length
    ? told
    : [...told, { ...inference('the modules in the RECORD of the wheel'), file: 'RECORD' }];
}

function pythonOrigin(requiresPython: string | null, { file, metadata, sdist }: Stating): Origin {
  const asked = requiresPython ?? '';
  const requirement = { requirement: oneLine(asked) };
  if (metadata?.requiresPython === asked)
    return {
      kind: 'requirement',
      text: 'declared in Requires-Python',
      ...fieldPlace('Requires-Python', { file, metadata, sdist }),
      ...requirement,
    };
  if (sdist?.pyproject?.project?.requiresPython === asked)
    return {
      kind: 'requirement',
      text: 'declared in project.requires-python',
      ...tablePlace(sdist, 'requires-python', 'dependencies.python'),
      ...requirement,
    };
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
    return [{ kind: 'requirement', text: 'the Summary', ...fieldPlace('Summary', { file, metadata, sdist }) }];
  if (sdist !== null && has(sdist.pyproject?.project?.description))
    return [{ kind: 'requirement', text: 'project.description', ...tablePlace(sdist, 'description') }];
  return readingsOf(sdist, (part) => part.description)
    .filter(({ value }) => has(value))
    .map(({ place }) => ({ kind: 'requirement', text: 'the description of setup()', ...place }));
}

function urlOrigins(url: string, stating: Stating): Origin[] {
  const { metadata, sdist } = stating;
  const origins: Origin[] = [];
  if (metadata?.homePage === url)
    origins.push({ kind: 'requirement', text: 'the Home-page', ...fieldPlace('Home-page', stating) });
  for (const { label, url: stated } of metadata?.projectUrls ?? [])
    if (stated === url)
      origins.push({
        kind: 'requirement',
        text: `the Project-URL “${oneLine(label)}”`,
        ...fieldPlace('Project-URL', stating, label),
      });
  for (const [label, stated] of sdist === null ? [] : Object.entries(sdist.pyproject?.project?.urls ?? {}))
    if (stated === url && sdist !== null)
      origins.push({
        kind: 'requirement',
        text: `the URL “${oneLine(label)}”`,
        ...tablePlace(sdist, `urls.${label}`, label, 'home-page', 'urls'),
      });
  for (const { value, place } of readingsOf(sdist, (part) => part.url))
    if (value === url) origins.push({ kind: 'requirement', text: 'the url of setup()', ...place });
  return origins;
}

function programOrigins(program: string, { facts }: ReadRelease): Origin[] {
  if (facts.kind === 'wheel')
    return [
      {
        ...inference('the only console script of the wheel'),
        file: 'entry_points.txt',
        ...scriptLine(facts.wheel, program),
      },
    ];
  const { sdist } = facts;
  if (sdist.pyproject?.project?.scripts.includes(program) === true) {
    const isOfFlit = sdist.pyproject.project.table === 'tool.flit.metadata';
    const ofFlit = { file: 'pyproject.toml', ...lineIn(sdist.pyproject.fieldLines, `tool.flit.scripts.${program}`) };
    const place = isOfFlit ? ofFlit : tablePlace(sdist, `scripts.${program}`, 'scripts');
    return [{ kind: 'requirement', text: 'the only script', ...place }];
  }
  return readingsOf(sdist, (part) => part.consoleScripts)
    .filter(({ value }) => value.includes(program))
    .map(({ place }) => ({ kind: 'requirement', text: 'the only console script of setup()', ...place }));
}

function scriptLine({ scriptLines = {} }: WheelFacts, program: string): Pick<Origin, 'line'> {
  const line = Object.hasOwn(scriptLines, program) ? scriptLines[program] : undefined;
  return line === undefined ? {} : { line };
}

function formatOrigin({ source }: PackageFacts): Origin {
  if (source.kind === 'sdist' || source.kind === 'wheel') return inference(`built from ${source.filename}`);
  return inference(
    source.kind === 'git' ? `built from the commit ${source.rev}` : 'built from a folder of this machine',
  );
}

/** Where a release states something of its licence, and by which field; none where that is not known. */
export function licencePlaces(
  kind: 'expressions' | 'classifiers' | 'texts',
  stated: string,
  { facts }: ReadRelease,
): Place[] {
  const stating: Stating =
    facts.kind === 'wheel'
      ? { file: 'METADATA', metadata: facts.wheel.coreMetadata, sdist: null }
      : { file: 'PKG-INFO', metadata: facts.sdist.coreMetadata, sdist: facts.sdist };
  const { metadata, sdist } = stating;
  const project = sdist?.pyproject?.project ?? null;
  const places: Place[] = [];
  if (kind === 'classifiers' && metadata?.classifiers.includes(stated) === true)
    places.push(fieldPlace('Classifier', stating, stated));
  if (metadata?.licenseExpression === stated) places.push(fieldPlace('License-Expression', stating));
  if (metadata?.license === stated) places.push(fieldPlace('License', stating));
  if (sdist !== null && project !== null) {
    if (kind === 'classifiers' && project.classifiers.includes(stated)) places.push(tablePlace(sdist, 'classifiers'));
    if (project.license === stated) places.push(tablePlace(sdist, 'license'));
  }
  for (const { value, place } of readingsOf(sdist, (part) => part.license)) if (value === stated) places.push(place);
  for (const { value, place } of readingsOf(sdist, (part) => part.classifiers))
    if (kind === 'classifiers' && value.includes(stated)) places.push(place);
  return places;
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
