import { describe, expect, it } from 'vitest';
import type { Origin } from '../../src/classify/package-facts.ts';
import { applyOverrides } from '../../src/overrides/apply.ts';
import { demo, demoWith, inferred, MODERN, OLD, project, rulesOf } from './support/facts.ts';

function apply(facts: ReturnType<typeof demo>, toml: string, context = MODERN) {
  return applyOverrides(facts, rulesOf(toml), context);
}

const OF_RULE: Origin = {
  kind: 'override',
  text: 'rule 1 of overrides/demo.toml: links it',
  file: 'overrides/demo.toml',
  line: 1,
};

describe('applyOverrides', () => {
  it('adds an input with the rule as its origin', () => {
    const facts = apply(demo(), '[[rule]]\nbuildInputs.add = ["libxml2"]\nreason = "links it."\n');

    expect(facts).toEqual({
      ...demoWith({ buildInputs: [{ kind: 'system', attribute: 'libxml2', origins: [OF_RULE] }] }),
      overridden: [{ attribute: 'buildInputs', verb: 'add', entries: ['libxml2'], origin: OF_RULE }],
    });
  });

  it('changes nothing when a condition fails', () => {
    const toml = '[[rule]]\nwhen = { nixpkgs = ">=22.11" }\nbuildInputs.add = ["libxml2"]\nreason = "links it"\n';

    expect(apply(demo(), toml, OLD)).toEqual(demo());
  });

  it('passes over what a rule says of building when the release is a wheel', () => {
    const wheel = demo({ source: { kind: 'wheel', filename: 'demo-1.0-py3-none-any.whl', sha256: '00', url: '' } });
    const toml = `[[rule]]
buildInputs.add = ["libxml2"]
nativeBuildInputs.add = ["pkg-config"]
postPatch = "true"
pythonImportsCheck.add = ["demo.extra"]
reason = "links it"
`;
    const facts = apply(wheel, toml);

    expect(facts.inputs).toEqual(wheel.inputs);
    expect(facts.text).toEqual({});
    expect(facts.importsCheck).toContain('demo.extra');
  });

  it('leaves the facts of other projects alone', () => {
    const other = demo({ name: 'other' });

    expect(apply(other, '[[rule]]\ndoCheck = false\nreason = "r"\n')).toBe(other);
  });

  it('settles what was only inferred without a note', () => {
    const facts = apply(
      demoWith({ buildInputs: [inferred('libxml2')] }),
      '[[rule]]\nbuildInputs.add = ["libxml2"]\nreason = "links it"\n',
    );

    expect(facts.notes).toEqual([]);
    expect(facts.inputs.buildInputs).toEqual([
      { kind: 'system', attribute: 'libxml2', origins: [...inferred('libxml2').origins, OF_RULE] },
    ]);
  });

  it('tells of an addition that is there and of a removal that is not', () => {
    const facts = apply(
      demoWith({ dependencies: [project('six')] }),
      '[[rule]]\ndependencies.add = ["six"]\ndependencies.remove = ["nose"]\nreason = "r"\n',
    );

    const place = { kind: 'warning', project: 'demo', file: 'overrides/demo.toml', line: 1 };
    expect(facts.notes).toEqual([
      { ...place, text: 'rule 1 of overrides/demo.toml removes nose, which is not there (dependencies)' },
      { ...place, text: 'rule 1 of overrides/demo.toml adds six, which is there already (dependencies)' },
    ]);
    expect(facts.inputs.dependencies.map((input) => input.origins.length)).toEqual([2]);
  });

  it('removes all entries of a project', () => {
    const facts = apply(
      demoWith({
        dependencies: [
          project('tomli', { when: 'python_version < "3.11"' }),
          project('tomli', { when: 'sys_platform == "win32"' }),
          project('six'),
        ],
      }),
      '[[rule]]\ndependencies.remove = ["Tomli"]\nreason = "r"\n',
    );

    expect(facts.inputs.dependencies).toEqual([project('six')]);
    expect(facts.notes).toEqual([]);
  });

  it('joins extras and specifiers of an entry that is there', () => {
    const facts = apply(
      demoWith({ dependencies: [project('dask', { extras: ['array'], specifier: '>=2' })] }),
      '[[rule]]\ndependencies.add = ["dask[bag]<3"]\nreason = "r"\n',
    );

    expect(facts.inputs.dependencies).toMatchObject([{ name: 'dask', extras: ['array', 'bag'], specifier: '<3,>=2' }]);
  });

  it('puts an entry that always holds in place of one that holds sometimes', () => {
    const facts = apply(
      demoWith({ dependencies: [project('six', { when: 'python_version < "3.13"' })] }),
      '[[rule]]\ndependencies.add = ["six"]\nreason = "r"\n',
    );

    expect(facts.inputs.dependencies).toMatchObject([{ name: 'six', marker: null }]);
  });

  it('simplifies the marker of an entry relative to the targets', () => {
    const toml = `[[rule]]
dependencies.add = ['a; python_version >= "3"', 'b; python_version < "3"', 'c; python_version < "3.13"']
reason = "r"
`;

    expect(apply(demo(), toml).inputs.dependencies).toMatchObject([
      { name: 'a', marker: null },
      { name: 'c', marker: { kind: 'compare' } },
    ]);
  });

  it('replaces a whole list and keeps the origins of what stays', () => {
    const facts = apply(
      demoWith({ nativeCheckInputs: [project('mock'), project('nose')] }),
      '[[rule]]\nnativeCheckInputs.replace = ["mock", "system:git"]\nreason = "links it"\n',
    );

    expect(facts.inputs.nativeCheckInputs).toEqual([
      { ...project('mock'), origins: [...project('mock').origins, OF_RULE] },
      { kind: 'system', attribute: 'git', origins: [OF_RULE] },
    ]);
  });

  it('makes, changes and takes away extras', () => {
    const before = demo({ optionalDependencies: { old: [project('six')], kept: [project('attrs')] } });
    const toml = `[[rule]]
optional-dependencies.old.replace = []
optional-dependencies.kept.add = ["yarl"]
optional-dependencies.new.add = ["trio"]
reason = "r"
`;

    const { optionalDependencies } = apply(before, toml);

    expect(Object.keys(optionalDependencies)).toEqual(['kept', 'new']);
    expect(optionalDependencies.kept?.map((input) => input.kind === 'python' && input.name)).toEqual(['attrs', 'yarl']);
  });

  it('sets phases and variables with their reason as comment', () => {
    const facts = apply(
      demo(),
      `[[rule]]
postPatch = "rm versioneer.py"
env.BLAS = "\${openblas}"
reason = "too old"
`,
    );

    expect(facts.text).toEqual({ postPatch: ['rm versioneer.py\n'] });
    expect(facts.env).toEqual({ BLAS: [{ attribute: 'openblas', output: 'out' }] });
    expect(facts.reasons).toEqual({ postPatch: 'too old', env: 'too old' });
  });

  it('joins the reasons of all rules that set variables', () => {
    const facts = apply(
      demo(),
      '[[rule]]\nenv.A = "1"\nreason = "first"\n[[rule]]\nenv.B = "2"\nenv.C = "3"\nreason = "sec; ond"\n',
    );

    expect(facts.env).toEqual({ A: ['1'], B: ['2'], C: ['3'] });
    expect(facts.reasons).toEqual({ env: 'first; sec; ond' });
  });

  it('prints no comment when the rule says so', () => {
    const facts = apply(demo(), '[[rule]]\npreConfigure = "x"\ncomment = false\nreason = "plain to see"\n');

    expect(facts.text).toEqual({ preConfigure: ['x\n'] });
    expect(facts.reasons).toEqual({});
  });

  it('takes a phase away when its text is empty', () => {
    const facts = apply(
      demo({ text: { postPatch: ['x\n'] }, reasons: { postPatch: 'why' } }),
      '[[rule]]\npostPatch = ""\nreason = "r"\n',
    );

    expect(facts.text).toEqual({});
    expect(facts.reasons).toEqual({});
  });

  it('tells when a rule puts its phase in place of that of another rule', () => {
    const rule = '[[rule]]\npostPatch = "x"\nreason = "r"\n';

    expect(apply(demo(), rule + rule).notes.map(({ text }) => text)).toEqual([
      'rule 2 of overrides/demo.toml puts its postPatch in place of that of rule 1 of overrides/demo.toml',
    ]);
  });

  it('turns checks off with the reason, and on again', () => {
    const off = '[[rule]]\ndoCheck = false\nreason = "needs a network"\n';

    expect(apply(demo(), off).check).toEqual({ runner: 'pytest', enabled: false, reason: 'needs a network' });
    expect(apply(demo(), `${off}[[rule]]\ndoCheck = true\nreason = "r"\n`).check).toEqual({
      runner: 'pytest',
      enabled: true,
      reason: null,
    });
  });

  it('disables a package on PyPy where the targets have it, with the reason', () => {
    const rule = '[[rule]]\ndisabledOnPyPy = true\nreason = "uses the C API of CPython"\n';
    const [environment] = MODERN.environments;
    const pypy = { ...environment, platform_python_implementation: 'PyPy', implementation_name: 'pypy' };
    const changed = apply(demo(), rule, { ...MODERN, environments: [...MODERN.environments, pypy] });

    expect(changed.disabledOnPyPy).toBe(true);
    expect(changed.reasons).toEqual({ disabled: 'uses the C API of CPython' });
    expect(apply(demo(), rule)).toEqual(demo());
  });

  it('gives each test that is left out the reason of its rule', () => {
    const facts = apply(
      demo(),
      `[[rule]]
disabledTests.add = ["test_a", "test_b"]
reason = "first"
[[rule]]
disabledTests.add = ["test_c"]
disabledTestPaths = ["tests/slow"]
reason = "second"
`,
    );

    expect(facts.disabledTests).toEqual([
      { test: 'test_a', reason: 'first' },
      { test: 'test_b', reason: 'first' },
      { test: 'test_c', reason: 'second' },
    ]);
    expect(facts.disabledTestPaths).toEqual([{ test: 'tests/slow', reason: 'second' }]);
  });

  it('sets what is told about the package', () => {
    const facts = apply(
      demo(),
      `[[rule]]
description = "Does it"
homepage = "https://demo.test"
changelog = "https://demo.test/news"
license = "MIT AND BSD-3-Clause"
mainProgram = "demo"
pythonImportsCheck = ["demo.core"]
pythonRelaxDeps = ["rich"]
pythonRemoveDeps.add = ["enum34"]
reason = "r"
`,
    );

    expect(facts.meta).toEqual({
      description: 'Does it',
      homepage: 'https://demo.test',
      changelog: 'https://demo.test/news',
      licences: [{ spdx: 'MIT' }, { spdx: 'BSD-3-Clause' }],
      mainProgram: 'demo',
    });
    expect([facts.importsCheck, facts.relaxDeps, facts.removeDeps]).toEqual([['demo.core'], ['rich'], ['enum34']]);
    expect(facts.reasons).toEqual({});
  });
});
