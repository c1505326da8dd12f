import { compareText, oneLine } from '../base/text.ts';
import type { Reading, SdistFacts, SetupFacts, WheelFacts } from '../metadata/release-facts.ts';
import { normalizeName } from '../pep/name.ts';
import type { Meta } from './package-facts.ts';

interface Stated {
  readonly summary: string | null;
  readonly homePage: string | null;
  /** Label and URL, in order. */
  readonly urls: readonly (readonly [string, string])[];
  readonly scripts: readonly string[] | null;
}

interface Release {
  /** PEP 503 name. */
  readonly name: string;
  readonly version: string;
}

/** `meta` without the licence, from what an sdist states. */
export function metaOfSdist(facts: SdistFacts, release: Release): Omit<Meta, 'licences'> {
  const metadata = facts.coreMetadata;
  const project = facts.pyproject?.project ?? null;
  const known = <T>(read: (part: SetupFacts) => Reading<T>): T | null => knownOfSetup(facts, read);
  return metaOf(
    {
      summary: metadata?.summary ?? project?.description ?? known((part) => part.description),
      homePage: metadata?.homePage ?? known((part) => part.url),
      urls: [
        ...(metadata?.projectUrls ?? []).map(({ label, url }) => [label, url] as const),
        ...Object.entries(project?.urls ?? {}),
      ],
      scripts: scriptsOfSdist(facts),
    },
    release,
  );
}

/** Names of the console scripts of an sdist; null where it states none. */
export function scriptsOfSdist(facts: SdistFacts): readonly string[] | null {
  const scripts = facts.pyproject?.project?.scripts ?? [];
  return scripts.length > 0 ? scripts : knownOfSetup(facts, (part) => part.consoleScripts);
}

/** What setup.py states, or else setup.cfg. */
function knownOfSetup<T>(facts: SdistFacts, read: (part: SetupFacts) => Reading<T>): T | null {
  const readings = [facts.setupScript, facts.setupCfg].flatMap((part) => (part === null ? [] : [read(part)]));
  return readings.find((reading) => reading.kind === 'known')?.value ?? null;
}

/** `meta` without the licence, from a wheel. */
export function metaOfWheel(facts: WheelFacts, release: Release): Omit<Meta, 'licences'> {
  const metadata = facts.coreMetadata;
  return metaOf(
    {
      summary: metadata.summary,
      homePage: metadata.homePage,
      urls: metadata.projectUrls.map(({ label, url }) => [label, url] as const),
      scripts: facts.consoleScripts,
    },
    release,
  );
}

function metaOf(stated: Stated, { name, version }: Release): Omit<Meta, 'licences'> {
  const scripts = stated.scripts ?? [];
  return {
    description: describe(stated.summary, name),
    homepage: homepageOf(stated),
    changelog: changelogOf(stated, version),
    mainProgram: scripts.length === 1 ? (scripts[0] ?? null) : null,
  };
}

/** One line without a final full stop and without the name of the project before it (`name - does this`); the rest of the style is the form's. */
function describe(summary: string | null, name: string): string | null {
  if (summary === null) return null;
  const line = oneLine(summary).replace(/(?<!\.)\.$/u, '');
  if (line === '' || line === 'UNKNOWN') return null;
  const [, title = '', rest = ''] = /^([\w.-]{1,80}?)(?: ?: | -{1,2} | [–—] )(\S.*)$/u.exec(line) ?? [];
  return normalizeName(title) === name ? rest : line;
}

/** Labels of project URLs, best first, compared in the normal form of the core metadata specification. */
const HOMEPAGE_LABELS = [
  'homepage',
  'home',
  'source',
  'sourcecode',
  'repository',
  'code',
  'github',
  'gitlab',
  'documentation',
  'docs',
];

function homepageOf({ homePage, urls }: Stated): string | null {
  if (homePage !== null && isWebAddress(homePage)) return homePage;
  const labelled = urls
    .map(([label, url]) => ({ rank: HOMEPAGE_LABELS.indexOf(normalLabel(label)), url }))
    .filter(({ rank, url }) => rank >= 0 && isWebAddress(url))
    .sort((a, b) => a.rank - b.rank || compareText(a.url, b.url));
  return labelled[0]?.url ?? null;
}

/** A changelog only counts when its address belongs to this version. */
function changelogOf({ urls }: Stated, version: string): string | null {
  const labels = new Set(['changelog', 'changes', 'releasenotes', 'history', 'whatsnew', 'news']);
  const found = urls.find(
    ([label, url]) => labels.has(normalLabel(label)) && isWebAddress(url) && url.includes(version),
  );
  return found?.[1] ?? null;
}

function normalLabel(label: string): string {
  return label.toLowerCase().replace(/[^a-z0-9]/gu, '');
}

/** http or https, and not the page of an index, which tells a reader nothing new. */
function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, hostname } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return !(/^(?:[\w-]+\.)?(?:pypi|python)\.\w+$/u.test(hostname) && /^\/(?:pypi|project)\//u.test(pathname));
}
