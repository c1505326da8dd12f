import { UserError } from '../../../src/base/user-error.ts';
import type { MarkerEnvironment } from '../../../src/pep/marker.ts';
import { parseRequirement, type Requirement } from '../../../src/pep/requirement.ts';
import { parseVersion, type Version } from '../../../src/pep/version.ts';
import { type Provider, type Release, UNUSABLE_RELEASE } from '../../../src/resolve/provider.ts';
import type { ResolveOutcome, ResolveRequest } from '../../../src/resolve/request.ts';
import { resolve } from '../../../src/resolve/resolve.ts';

/** A release: its requirements, or these with what the index says about it. */
export type MadeUpRelease =
  | readonly string[]
  | {
      readonly requires?: readonly string[];
      readonly yanked?: string;
      readonly excluded?: string;
      /** Why it turns out to be unusable when its requirements are asked for. */
      readonly unusable?: string;
    };

/** Releases by `name version`, for example `{ 'foo 1.0': ['bar>=2'] }`. */
export type MadeUpIndex = Readonly<Record<string, MadeUpRelease>>;

export interface MadeUpProvider extends Provider {
  /** What was asked, in order: `releases foo`, `requirements foo 1.0`, `prefetch foo 1.0`. */
  readonly asked: readonly string[];
}

/** Called before each answer; an answer waits for what it gives. */
export type Turn = (question: string) => Promise<void>;

export function madeUpProvider(index: MadeUpIndex, turn: Turn = async () => undefined): MadeUpProvider {
  const releases = new Map<string, Release[]>();
  const requirements = new Map<string, readonly Requirement[]>();
  const faults = new Map<string, string>();
  for (const [key, release] of Object.entries(index)) {
    const [name = '', text = ''] = key.split(' ');
    const {
      requires = [],
      yanked = null,
      excluded = null,
      unusable,
    } = isList(release) ? { requires: release } : release;
    const version = parseVersion(text);
    if (unusable !== undefined) faults.set(`${name} ${version.text}`, unusable);
    releases.set(name, [...(releases.get(name) ?? []), { version, yanked, excluded }]);
    requirements.set(`${name} ${version.text}`, requires.map(parseRequirement));
  }
  const asked: string[] = [];
  return {
    asked,
    async releases(name) {
      asked.push(`releases ${name}`);
      await turn(`releases ${name}`);
      return releases.get(name) ?? null;
    },
    async requirements(name, version) {
      const key = `${name} ${version.text}`;
      asked.push(`requirements ${key}`);
      await turn(`requirements ${key}`);
      const fault = faults.get(key);
      if (fault !== undefined) throw new UserError(UNUSABLE_RELEASE, fault);
      const found = requirements.get(key);
      if (found === undefined)
        throw new Error(`the resolver asked for the requirements of ${key}, which does not exist`);
      return found;
    },
    prefetch(name, version) {
      asked.push(`prefetch ${name} ${version.text}`);
    },
  };
}

export const LINUX: MarkerEnvironment = {
  python_version: '3.13',
  python_full_version: '3.13.0',
  os_name: 'posix',
  sys_platform: 'linux',
  platform_system: 'Linux',
  platform_machine: 'x86_64',
  implementation_name: 'cpython',
  implementation_version: '3.13.0',
  platform_python_implementation: 'CPython',
};

/** A request for `requirements` on one target, changed as `options` say. */
export function requestFor(
  requirements: readonly string[],
  options: Partial<Omit<ResolveRequest, 'requirements' | 'constraints'>> & {
    readonly constraints?: readonly string[];
  } = {},
): ResolveRequest {
  return {
    targets: [LINUX],
    prereleases: false,
    supplies: () => false,
    strategy: 'highest',
    ...options,
    requirements: requirements.map(parseRequirement),
    constraints: (options.constraints ?? []).map(parseRequirement),
  };
}

/** The outcome of a request on a made-up index. */
export function outcomeOf(
  index: MadeUpIndex,
  requirements: readonly string[],
  options: Parameters<typeof requestFor>[1] = {},
): Promise<ResolveOutcome> {
  return resolve(requestFor(requirements, options), madeUpProvider(index));
}

/** The versions that were chosen, `name[extras] version` each, in order of names. Throws when the request failed. */
export function chosenOf(outcome: ResolveOutcome): string[] {
  if (outcome.kind === 'failed') throw new Error('the request failed');
  return [...outcome.resolution.packages.values()].map(({ name, extras, version }) => {
    const asked = extras.length === 0 ? '' : `[${extras.join(',')}]`;
    return `${name}${asked} ${version.text}`;
  });
}

export function versions(texts: Readonly<Record<string, string>>): ReadonlyMap<string, Version> {
  return new Map(Object.entries(texts).map(([name, text]) => [name, parseVersion(text)]));
}

/** Whether the release is just a list of requirements. */
export function isList(release: MadeUpRelease): release is readonly string[] {
  return Array.isArray(release);
}
