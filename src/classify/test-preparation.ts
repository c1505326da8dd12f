import type { SdistFacts } from '../metadata/release-facts.ts';
import type { Origin, PackageFacts } from './package-facts.ts';

/**
 * What has to be done in the unpacked sdist before its tests run against the installed package: its own programs are put where tests find them by name (`scripts`: its console scripts), and the
 * sources of packages with compiled modules are taken away, unless a test lies in them.
 */
export function testPreparation(
  { tests, uncompiled = [] }: SdistFacts,
  scripts: readonly string[],
): NonNullable<PackageFacts['check']['preparation']> {
  const run = tests.commands.find(({ command }) => scripts.includes(command));
  const { collected } = tests;
  const isApart = (module: string): boolean =>
    /^\w+$/u.test(module) && ![...tests.files, ...(collected ?? [])].some((file) => file.startsWith(`${module}/`));
  // Doctests are in the sources themselves.
  const isKnown = collected !== null && collected.length > 0 && !/doctest/u.test(tests.pytestOptions);
  const hiding = isKnown ? uncompiled.filter(isApart) : [];
  return [
    ...(run === undefined ? [] : [{ script: 'export PATH=$out/bin:$PATH', origin: runOrigin(run) }]),
    ...(hiding.length === 0 ? [] : [{ script: `rm -r ${hiding.join(' ')}`, origin: HIDING }]),
  ];
}

function runOrigin({ command, ...place }: SdistFacts['tests']['commands'][number]): Origin {
  return { kind: 'inference', text: `the tests run the program ${command}`, ...place };
}

const HIDING: Origin = {
  kind: 'inference',
  text: 'these sources hide the installed package, which has the compiled modules',
};
