import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { compareText } from '../src/base/text.ts';
import packages1603 from '../src/nixpkgs/data/python-packages-16.03.json' with { type: 'json' };
import { builtinSet } from '../src/nixpkgs/package-set.ts';
import { normalizeName } from '../src/pep/name.ts';

// npx tsx scripts/record-package-needs.ts: writes src/nixpkgs/data/package-needs.json anew; needs dist/ and the network.
// Its part for the old package sets is renewed where NIXPKGS_16_03 names a checkout; what is written there by hand is kept.

const execute = promisify(execFile);
const FILE = fileURLToPath(new URL('../src/nixpkgs/data/package-needs.json', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** What the package sets of the modern form were made of: today's releases, and those of the oldest set with the oldest interpreters that it had. */
const TIMES: readonly (readonly string[])[] = [
  ['--python', '3.13'],
  ['--python', '3.12', '--as-of', '2024-06-01'],
  ['--python', '3.9', '--as-of', '2024-06-01'],
];

/** What tests are written with, and what is often at hand to build with. */
const TOOLS = `
  aiohttp anyio attrs betamax build cffi click coverage cython ddt docutils fixtures flaky flask editables flit-core freezegun gevent hatch-fancy-pypi-readme hatch-vcs
  hatchling httpx hypothesis ipython jinja2 jsonschema lxml markdown meson-python mock nose nose2 numpy packaging pandas parameterized path pbr pdm-backend
  pexpect pillow pip platformdirs pluggy poetry-core pretend psutil py py-cpuinfo pycryptodome pydantic pyfakefs pygments pyopenssl pytest
  pytest-aiohttp pytest-asyncio pytest-benchmark pytest-check pytest-cov pytest-datadir pytest-django pytest-env pytest-flask pytest-forked pytest-freezer
  pytest-httpbin pytest-httpserver pytest-httpx pytest-lazy-fixture pytest-lazy-fixtures pytest-mock pytest-order pytest-randomly pytest-recording
  pytest-regressions pytest-rerunfailures pytest-socket pytest-subprocess pytest-subtests pytest-timeout pytest-tornado pytest-trio pytest-twisted
  pytest-vcr pytest-xdist pytest-xprocess python-dateutil pytz pyyaml requests requests-mock responses respx scikit-build-core scipy setuptools
  setuptools-rust setuptools-scm simplejson six sniffio sortedcontainers stestr subunit sybil syrupy testfixtures testpath testscenarios testtools
  time-machine tomli tomli-w tornado trio trove-classifiers trustme twisted typing-extensions unittest2 urllib3 uvloop vcrpy versioneer virtualenv wcwidth webob
  webtest werkzeug wheel xmltodict zope-component zope-event zope-interface zope-testing zope-testrunner
`
  .trim()
  .split(/\s+/u);

const Answer = v.object({
  packages: v.array(
    v.object({
      name: v.string(),
      inputs: v.record(v.string(), v.union([v.array(v.string()), v.record(v.string(), v.array(v.string()))])),
    }),
  ),
});

const Table = v.looseObject({
  modern: v.record(v.string(), v.string()),
  modernByHand: v.record(
    v.string(),
    v.object({
      needs: v.optional(v.string()),
      earlier: v.optional(v.string()),
      without: v.optional(v.string()),
      why: v.string(),
    }),
  ),
  old: v.record(v.string(), v.string()),
});

/**
 * From attributes to `[ { attribute; inputs = [ attribute ]; } ]` for all that they lead to. A derivation of the old builder knows its inputs as derivations, so their names are looked up.
 */
const OLD_INPUTS = `
  { attributes }:
  let
    pkgs = import <nixpkgs> { };
    inherit (pkgs) lib;
    closureIn = prefix: set:
      let
        isPackage = value:
          let tried = builtins.tryEval (lib.isDerivation value && lib.hasPrefix prefix value.name); in tried.success && tried.value;
        named = builtins.filter (attribute: isPackage set.\${attribute}) (builtins.attrNames set);
        attributeOf = builtins.listToAttrs (map (attribute: { name = set.\${attribute}.name; value = attribute; }) named);
        nameOf = input: let tried = builtins.tryEval (input.name or ""); in if tried.success then tried.value else "";
        entry = attribute:
          let
            package = set.\${attribute};
            names = map nameOf (package.nativeBuildInputs ++ package.propagatedNativeBuildInputs);
          in
          {
            key = attribute;
            inherit attribute;
            # A package that refuses the interpreter has none.
            inputs =
              if (builtins.tryEval names).success then map (name: attributeOf.\${name}) (builtins.filter (name: attributeOf ? \${name}) names) else [ ];
          };
      in
      map (found: { inherit (found) attribute inputs; }) (builtins.genericClosure {
        startSet = map entry (builtins.filter (attribute: builtins.elem attribute named) attributes);
        operator = found: map entry found.inputs;
      });
  in
  closureIn "python2.7-" pkgs.python27Packages ++ closureIn "python3.5-" pkgs.python35Packages
`;

const OldInputs = v.array(v.object({ attribute: v.string(), inputs: v.array(v.string()) }));

type Needs = Map<string, Set<string>>;

const LISTS_TO_BUILD_AND_RUN = ['build-system', 'nativeBuildInputs', 'buildInputs', 'dependencies'];

const before = v.parse(Table, JSON.parse(await readFile(FILE, 'utf8')));
const modern: Needs = new Map();
for (const tool of TOOLS) {
  for (const time of TIMES) await recordTool(tool, time, modern);
}
const checkout = process.env.NIXPKGS_16_03;
const old = checkout === undefined ? before.old : linesOf(await oldNeeds(checkout));
await writeFile(FILE, tableText({ modern: linesOf(modern), modernByHand: before.modernByHand, old }));

/** Adds what the closure of a tool needs. A tool that is not to be had then is said on stderr and left to the other times. */
async function recordTool(tool: string, time: readonly string[], needs: Needs): Promise<void> {
  const options = ['--deps', 'all', '--bootstrap', '--no-checks', '--nixpkgs', 'none', '--json', '--quiet'];
  let answer: v.InferOutput<typeof Answer>;
  try {
    const { stdout } = await execute('node', [PROGRAM, tool, ...options, ...time], { maxBuffer: 2 ** 28 });
    answer = v.parse(Answer, JSON.parse(stdout));
  } catch (thrown) {
    const text = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr) : String(thrown);
    process.stderr.write(`${tool} ${time.join(' ')}: ${text.split('\n')[0]}\n`);
    return;
  }
  // Everything of Python is generated, so the other inputs are system packages.
  const projects = new Set(answer.packages.map(({ name }) => name));
  for (const { name, inputs } of answer.packages) {
    const known = needs.get(name) ?? new Set();
    needs.set(name, known);
    for (const list of LISTS_TO_BUILD_AND_RUN) {
      const found = inputs[list] ?? [];
      if (!Array.isArray(found)) continue;
      for (const input of found) if (projects.has(input) && input !== name) known.add(input);
    }
  }
}

/** What the tools lead to in the 16.03 sets for Python 2.7 and 3.5, test inputs among the others: there they are one list. */
async function oldNeeds(checkout: string): Promise<Needs> {
  const { attributeOf } = builtinSet('16.03');
  const attributes = TOOLS.flatMap((tool) => attributeOf(tool)?.attribute ?? []);
  const { stdout } = await execute(
    'nix-instantiate',
    [
      ...['--eval', '--strict', '--json', '-I', `nixpkgs=${checkout}`, '-E', OLD_INPUTS],
      ...['--arg', 'attributes', `[ ${attributes.map((attribute) => JSON.stringify(attribute)).join(' ')} ]`],
    ],
    { maxBuffer: 2 ** 28 },
  );
  const needs: Needs = new Map();
  for (const { attribute, inputs } of v.parse(OldInputs, JSON.parse(stdout))) {
    const project = oldProject(attribute);
    const known = needs.get(project) ?? new Set();
    needs.set(project, known);
    for (const need of inputs.map(oldProject)) if (need !== project) known.add(need);
  }
  return needs;
}

/** The project of an attribute: values of the list are `VERSION`, or `PROJECT VERSION` where the attribute is called otherwise. */
function oldProject(attribute: string): string {
  const entries: Readonly<Record<string, string>> = packages1603.packages;
  const [first = '', second] = (entries[attribute] ?? '').split(' ');
  return second === undefined ? normalizeName(attribute) : first;
}

function linesOf(needs: Needs): Record<string, string> {
  const names = [...needs.keys()].sort(compareText);
  return Object.fromEntries(names.map((name) => [name, [...(needs.get(name) ?? [])].sort(compareText).join(' ')]));
}

/** JSON with a line for each project. */
function tableText(table: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string {
  const parts = Object.entries(table).map(([part, projects]) => {
    const lines = Object.entries(projects).map(
      ([project, value]) => `    ${JSON.stringify(project)}: ${JSON.stringify(value)}`,
    );
    return `  ${JSON.stringify(part)}: {\n${lines.join(',\n')}\n  }`;
  });
  return `{\n${parts.join(',\n')}\n}\n`;
}
