import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lintKnowledge } from '../../src/cli/overrides/knowledge.ts';
import { lintOverrideFile } from '../../src/overrides/lint.ts';
import { findOverrideFiles } from '../../src/overrides/read-folder.ts';

const KNOWLEDGE = lintKnowledge();

/** The findings of a file, each as `line:column code text`. */
function findingsOf(text: string, project = 'demo'): string[] {
  const { findings } = lintOverrideFile({ file: `o/${project}.toml`, project, text }, KNOWLEDGE);
  return findings.map(({ line, column, code, text: clause }) => `${line}:${column} ${code} ${clause}`);
}

/** A file of rules, each with a reason. */
function rules(...bodies: readonly string[]): string {
  return bodies.map((body) => `[[rule]]\n${body}\nreason = "r"\n`).join('\n');
}

describe('the check of an override file', () => {
  it('finds nothing in rules that say one thing each', () => {
    const text = rules(
      'buildInputs.add = ["libxml2", "libxslt"]',
      'when = { version = "<2", nixpkgs = ">=16.09" }\nbuildInputs.add = ["zlib"]',
      'doCheck = false',
    );

    expect(findingsOf(text)).toEqual([]);
  });

  it('warns of a library that a release has not to which the rule speaks', () => {
    const text = rules(
      'buildInputs.add = ["fuse3"]',
      'when = { nixpkgs = ">=18.03" }\nbuildInputs.add = ["xxHash"]',
      'when = { nixpkgs = ">=20.03" }\nbuildInputs.add = ["libavif"]',
      'buildInputs.add = ["libpq"]',
    );

    expect(findingsOf(text)).toEqual(['2:20 unknown-name nixpkgs 16.03, which the rule is for too, has no `fuse3`']);
  });

  it('finds all faults of a file, each with its place', () => {
    expect(findingsOf('[[rule]]\nbuildInput.add = ["zlib"]\n\n[[rule]]\ndoCheck = 1\nreason = "r"\n')).toEqual([
      '1:1 format a rule needs `reason`',
      '2:1 format unknown attribute `buildInput`',
      '5:1 format `doCheck`: must be true or false',
    ]);
  });

  it.each([
    ['buildInputs.ad = ["zlib"]', '2:1 format unknown verb `ad`'],
    ['buildInputs = {}', '2:1 format `buildInputs`: needs add, remove or replace'],
    ['buildInputs.add = ["zlib "]', '2:20 format entry 1 of `buildInputs.add`: has blanks around it'],
    ['dependencies.add = [" six"]', '2:21 format entry 1 of `dependencies.add`: has blanks around it'],
    ['pythonRelaxDeps.add = ["six "]', '2:24 format entry 1 of `pythonRelaxDeps.add`: has blanks around it'],
  ])('tells once what is wrong with %s', (body, expected) => {
    expect(findingsOf(rules(body))).toEqual([expected]);
  });

  it.each(['', '# Read: demo 1.0.\n'])('finds a file without a rule: %j', (text) => {
    expect(findingsOf(text)).toEqual(['1:1 dead the file has no rule']);
  });

  it('shows the line with a caret', () => {
    const { findings } = lintOverrideFile(
      { file: 'o/demo.toml', project: 'demo', text: rules('buildInputs.add = ["zlib", "libxml2"]') },
      KNOWLEDGE,
    );

    expect(findings.map(({ excerpt }) => excerpt)).toEqual([
      '    buildInputs.add = ["zlib", "libxml2"]\n                               ^',
    ]);
  });

  it('calls a text that is no TOML unreadable', () => {
    expect(findingsOf('[[rule]\n')).toEqual([expect.stringMatching(/^1:\d+ unreadable this is no TOML/u)]);
  });

  it('asks for files that are named after their project', () => {
    expect(findingsOf(rules('doCheck = false'), 'Ruamel.Yaml')).toEqual([
      '1:1 format the file is not named after a project',
    ]);
  });

  it.each([
    ['version = ">=2,<1"', '2:10 dead no version is within <1,>=2'],
    ['nixpkgs = ">=30.05,<31.05"', '2:10 dead no release of nixpkgs is within <31.05,>=30.05'],
    [`marker = 'sys_platform == "win32"'`, '2:10 dead the marker is true on no target of any release'],
  ])('finds that nothing meets %s', (condition, expected) => {
    expect(findingsOf(rules(`when = { ${condition} }\ndoCheck = false`))).toEqual([expected]);
  });

  it.each([
    'version = ">=1,<2"',
    'nixpkgs = "<16.09"',
    'nixpkgs = ">=24.05"',
    `marker = 'python_version >= "3.16"'`,
    `marker = 'python_version < "3" and sys_platform == "darwin"'`,
  ])('takes %s for something that can hold', (condition) => {
    expect(findingsOf(rules(`when = { ${condition} }\ndoCheck = false`))).toEqual([]);
  });

  it('finds what is said twice, in one rule and in two', () => {
    expect(findingsOf(rules('buildInputs.add = ["zlib", "zlib"]', 'buildInputs.add = ["zlib"]'))).toEqual([
      '2:28 duplicate the rule says it twice (buildInputs: zlib)',
      '6:20 duplicate rule 1 (line 1) says the same where both apply (buildInputs: zlib)',
    ]);
  });

  it.each([
    ['doCheck = false', 'doCheck = true', '6:1 overlap rule 1 (line 1) says something else where both apply (doCheck)'],
    ['env.A = "1"', 'env.A = "2"', '6:1 overlap rule 1 (line 1) says something else where both apply (env.A)'],
    [
      'buildInputs.add = ["zlib"]',
      'buildInputs.remove = ["zlib"]',
      '6:23 overlap rule 1 (line 1) says something else where both apply (buildInputs: zlib)',
    ],
    [
      'buildInputs.add = ["zlib"]',
      'buildInputs.replace = ["libxml2"]',
      '6:1 overlap rule 1 (line 1) says something else where both apply (buildInputs)',
    ],
    [
      'optional-dependencies."My_Extra".add = ["six"]',
      'optional-dependencies.my-extra.remove = ["six"]',
      '6:42 overlap rule 1 (line 1) says something else where both apply (optional-dependencies.my-extra: six)',
    ],
  ])('finds that %s and %s are in each other’s way', (first, second, expected) => {
    expect(findingsOf(rules(first, second))).toEqual([expected]);
  });

  it.each([
    ['versions that have nothing in common', 'when = { version = "<2" }', 'when = { version = ">=2" }'],
    ['releases that have nothing in common', 'when = { nixpkgs = "<17.03" }', 'when = { nixpkgs = ">=17.03" }'],
    ['an exception from a wider rule', '', 'when = { version = "==1.0" }'],
    ['an exception for some targets', '', `when = { marker = 'sys_platform == "darwin"' }`],
  ])('lets rules differ for %s', (_why, first, second) => {
    expect(findingsOf(rules(`${first}\ndoCheck = false`, `${second}\ndoCheck = true`))).toEqual([]);
  });

  it('finds a wide rule that undoes a narrow one before it', () => {
    expect(findingsOf(rules('when = { version = "<2" }\ndoCheck = false', 'doCheck = true'))).toEqual([
      '7:1 overlap rule 1 (line 1) says something else where both apply (doCheck)',
    ]);
  });

  it('joins what rules add to one project with different bounds', () => {
    expect(findingsOf(rules('dependencies.add = ["six>=1"]', 'dependencies.add = ["six<3"]'))).toEqual([]);
  });

  it('finds lists and attributes that are not in order', () => {
    expect(findingsOf('[[rule]]\nreason = "r"\nbuildInputs.add = ["libxslt", "libxml2"]\n')).toEqual([
      '2:1 order the attributes of the rule are not in order',
      '3:31 order `libxml2` does not come after `libxslt`',
    ]);
  });

  it('warns of names that are not known here, with the one that may have been meant', () => {
    const text = rules('buildInputs.add = ["libxml3"]\ndependencies.add = ["made-up-nowhere"]\nenv.A = "${lib:ztsd}"');
    const { findings } = lintOverrideFile({ file: 'o/demo.toml', project: 'demo', text }, KNOWLEDGE);

    expect(findings.map(({ fails, text: clause, hint }) => [fails, clause, hint])).toEqual([
      [false, '`libxml3` is no attribute of nixpkgs that is known here', 'did you mean `libxml2`?'],
      [false, 'the package set is not known to have made-up-nowhere', 'a run has to generate it too'],
      [false, '`ztsd` is no attribute of nixpkgs that is known here', 'did you mean `zstd`?'],
    ]);
  });

  it('knows nothing worth a warning of what a rule removes', () => {
    expect(findingsOf(rules('buildInputs.remove = ["made-up-lib"]'))).toEqual([]);
  });

  it('ends in good time on a file of a thousand rules about one thing', () => {
    const text = Array.from({ length: 1000 }, (_, index) => rules(`env.A = "${index}"`)).join('\n');

    expect(findingsOf(text).length).toBe(999);
  });

  it('survives names of objects as keys', () => {
    expect(findingsOf(rules('__proto__.add = ["zlib"]\nconstructor = "x"\ndoCheck = false'))).toEqual(
      expect.arrayContaining([expect.stringContaining('unknown attribute `constructor`')]),
    );
  });
});

describe('the shipped overrides', () => {
  it('are files of rules and patches without findings, that name nothing that is unknown', async () => {
    const folder = fileURLToPath(new URL('../../overrides', import.meta.url));
    const files = await findOverrideFiles(folder, { label: 'overrides', required: true });
    const findings = files.flatMap((found): unknown[] => {
      if ('fault' in found) return [found.fault];
      const { name, text, patches = new Map() } = found;
      const source = { file: `overrides/${name}`, project: name.replace(/\.toml$/u, ''), text, patches };
      return [...lintOverrideFile(source, KNOWLEDGE).findings];
    });

    expect(files.length).toBeGreaterThan(50);
    expect(findings).toEqual([]);
  });
});
