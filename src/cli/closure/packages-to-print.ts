import type { PackageFacts } from '../../classify/package-facts.ts';
import type { PackageToPrint } from '../../nix/package-names.ts';
import { licenceAttribute } from '../../nixpkgs/licence-names.ts';
import { sourcePathOf } from '../direct/paths.ts';
import type { GenerateOptions } from '../options.ts';
import { fetchFrom } from '../release/fetch-from.ts';
import type { ReleaseReader } from '../release/release-reader.ts';
import { NAMES_OF_NO_RELEASE, type RunNames } from '../run/run-names.ts';

export interface PrintContext {
  readonly release: string;
  readonly options: Pick<GenerateOptions, 'hash' | 'maintainers' | 'release'>;
  readonly names: RunNames;
  readonly reader: Pick<ReleaseReader, 'sourceFile'>;
  /** The working directory, absolute. */
  readonly directory: string;
  /** The folder that expressions are written into, relative to it; null for stdout. */
  readonly output: string | null;
}

/** The packages of a run with what their expressions need: how things are called, and where sources come from. */
export async function packagesToPrint(
  packages: readonly PackageFacts[],
  context: PrintContext,
): Promise<readonly PackageToPrint[]> {
  const { names } = context;
  const generated = new Map(packages.map((facts) => [facts.name, facts]));
  const attributes = new Set(packages.map(({ name }) => names.attributeForGenerated(name)));
  return Promise.all(packages.map((facts) => packageToPrint(facts, { ...context, generated, attributes })));
}

async function packageToPrint(
  facts: PackageFacts,
  {
    release,
    names,
    options,
    reader,
    generated,
    attributes,
    ...written
  }: PrintContext & {
    readonly generated: ReadonlyMap<string, PackageFacts>;
    readonly attributes: ReadonlySet<string>;
  },
): Promise<PackageToPrint> {
  const { file, isPublic } = await reader.sourceFile(facts.name, facts.version);
  const sourcePath = sourcePathOf(facts, written);
  return {
    facts,
    attribute: names.attributeForGenerated(facts.name),
    names: {
      pythonAttribute: (project) =>
        generated.has(project)
          ? names.attributeForGenerated(project)
          : (names.onSomeInterpreter(project)?.attribute ?? project),
      hasExtra: (project, extra) =>
        generated.has(project)
          ? Object.hasOwn(generated.get(project)?.optionalDependencies ?? {}, extra)
          : names.onSomeInterpreter(project)?.extras?.includes(extra) === true,
      systemAttribute: (attribute) => names.systemAttribute(attribute) ?? attribute,
      // The overlay puts what is generated into the set, where `callPackage` finds it before a system library of the same name.
      shadowedByPython: (attribute) => names.shadowedByPython(attribute) || attributes.has(attribute),
      licenceAttribute: (spdx) => {
        const attribute = licenceAttribute(spdx, options.release === null ? NAMES_OF_NO_RELEASE : release);
        return attribute !== null && names.hasLicence(attribute) ? attribute : null;
      },
    },
    fetchFrom: fetchFrom(file, isPublic),
    ...(sourcePath === undefined ? {} : { sourcePath }),
    ...(options.hash === null ? {} : { hash: options.hash }),
    maintainers: options.maintainers,
  };
}
