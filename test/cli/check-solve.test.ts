import { expect, it } from 'vitest';
import { expressionOf, messagesOf, serveProjects, withoutPort } from './support/made-projects.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

async function printed(args: readonly string[]): Promise<CommandOutcome> {
  const outcome = await bench().run(args);
  expect({ code: outcome.code, stderr: outcome.code === 0 ? '' : outcome.stderr }).toEqual({ code: 0, stderr: '' });
  return outcome;
}

const attributesOf = ({ stdout }: CommandOutcome): string[] =>
  [...stdout.matchAll(/^ {2}(\S+) = final\.callPackage/gmu)].map(([, name = '']) => name);

it('--with-checks generates check inputs that the set lacks, with what they need to run and to be built, and not what they are tested with', async () => {
  await serveProjects(bench(), {
    tea: { tests: ['pytest', 'made-up-spoon'] },
    'made-up-spoon': {
      requires: ['made-up-metal'],
      build: ['setuptools', 'made-up-forge'],
      tests: ['pytest', 'made-up-gauge'],
    },
    'made-up-metal': {},
    'made-up-forge': {},
    'made-up-gauge': {},
  });
  const outcome = await printed(['tea', '--with-checks']);
  expect(attributesOf(outcome)).toEqual(['made-up-forge', 'made-up-metal', 'made-up-spoon', 'tea']);
  expect(expressionOf('tea', outcome)).toContain(`nativeCheckInputs = [
    made-up-spoon
    pytestCheckHook
  ];`);
  expect(expressionOf('made-up-spoon', outcome)).toContain(`  # made-up-gauge is left out: not in the package set
  nativeCheckInputs = [ pytestCheckHook ];`);
});

it('without it they are left out', async () => {
  await serveProjects(bench(), { tea: { tests: ['pytest', 'made-up-spoon'] }, 'made-up-spoon': {} });
  const outcome = await printed(['tea']);
  expect(attributesOf(outcome)).toEqual(['tea']);
  expect(messagesOf(outcome)).toEqual([
    'note: tea: made-up-spoon is left out of nativeCheckInputs: not in the package set',
  ]);
});

it('a check input whose bound excludes what the solves before decided is left out', async () => {
  await serveProjects(bench(), {
    tea: { tests: ['pytest', 'made-up-spoon<2'] },
    coffee: { requires: ['made-up-spoon'] },
    'made-up-spoon': { versions: { '1.0': {}, '2.0': {} } },
  });
  const outcome = await printed(['tea', 'coffee', '--with-checks']);
  expect(
    expressionOf('tea', outcome),
  ).toContain(`  # made-up-spoon is left out: the tests ask for made-up-spoon<2, and 2.0 is used
  nativeCheckInputs = [ pytestCheckHook ];`);
  expect(messagesOf(outcome)).toEqual([
    'note: tea: made-up-spoon is left out of nativeCheckInputs: the tests ask for made-up-spoon<2, and 2.0 is used',
  ]);
});

it('a check input that no index has is left out', async () => {
  await serveProjects(bench(), { tea: { tests: ['pytest', 'made-up-nothing', 'made-up-spoon'] }, 'made-up-spoon': {} });
  const outcome = await printed(['tea', '--with-checks']);
  expect(attributesOf(outcome)).toEqual(['made-up-spoon', 'tea']);
  expect(messagesOf(outcome).map(withoutPort)).toEqual([
    'note: tea: made-up-nothing is left out of nativeCheckInputs: THE-INDEX has no project made-up-nothing',
  ]);
});

it('of check inputs that exclude each other the first by name stays', async () => {
  await serveProjects(bench(), {
    tea: { tests: ['pytest', 'made-up-spoon>=2'] },
    coffee: { tests: ['pytest', 'made-up-spoon<2', 'made-up-cup'] },
    'made-up-spoon': { versions: { '1.0': {}, '2.0': {} } },
    'made-up-cup': {},
  });
  const outcome = await printed(['tea', 'coffee', '--with-checks']);
  expect(attributesOf(outcome)).toEqual(['coffee', 'made-up-cup', 'made-up-spoon', 'tea']);
  expect(expressionOf('tea', outcome)).toContain(
    '# made-up-spoon is left out: it cannot be resolved with what is used',
  );
  expect(messagesOf(outcome)).toEqual([
    'note: tea: made-up-spoon is left out of nativeCheckInputs: it cannot be resolved with what is used: Because you require both made-up-spoon<2 and made-up-spoon>=2, the request cannot be met.',
  ]);
});

it('a check input that cannot be built is left out, and what is resolved with it too', async () => {
  await serveProjects(bench(), {
    tea: { tests: ['pytest', 'made-up-spoon', 'made-up-cup'] },
    'made-up-spoon': { requires: ['made-up-metal'] },
    'made-up-metal': { build: ['setuptools', 'made-up-nothing'] },
    'made-up-cup': {},
  });
  const outcome = await printed(['tea', '--with-checks']);
  expect(attributesOf(outcome)).toEqual(['made-up-cup', 'tea']);
  expect(messagesOf(outcome).map(withoutPort)).toEqual([
    'note: tea: made-up-spoon is left out of nativeCheckInputs: made-up-metal cannot be built: THE-INDEX has no project made-up-nothing (the build-system of made-up-metal asks for it)',
  ]);
});

it('--deps all --with-checks generates what the tests need even where the set has it', async () => {
  await serveProjects(bench(), {
    tea: { tests: ['pytest', 'pytest-cov', 'six'] },
    six: {},
    pytest: { requires: ['six'] },
  });
  const outcome = await printed(['tea', '--with-checks', '--deps', 'all']);
  expect(attributesOf(outcome)).toEqual(['pytest', 'six', 'tea']);
  expect(expressionOf('tea', outcome)).toContain(`nativeCheckInputs = [
    pytest-cov-stub
    pytestCheckHook
    six
  ];`);
  expect(messagesOf(outcome)).toEqual([]);
});

it('a bound of a build requirement that excludes what runs is lifted, with a comment and a note', async () => {
  await serveProjects(bench(), {
    tea: { requires: ['made-up-spoon>=2'], build: ['setuptools', 'made-up-spoon<2'] },
    'made-up-spoon': { versions: { '1.0': {}, '2.0': {} } },
  });
  const outcome = await printed(['tea']);
  expect(expressionOf('tea', outcome)).toContain(`  # the build asks for made-up-spoon<2, and 2.0 is used
  pypaBuildFlags = [ "--skip-dependency-check" ];`);
  expect(messagesOf(outcome)).toEqual(['warning: tea: to be built it asks for made-up-spoon<2, and 2.0 is used']);
});

it('a module that only setup.py speaks of and no index has is left out of the build', async () => {
  const setupScript = "from setuptools import setup\nimport made_up_helper\n\nsetup(name='tea', version='1.0')\n";
  await serveProjects(bench(), { tea: { setupScript } });
  const outcome = await printed(['tea']);
  expect(expressionOf('tea', outcome)).toContain('build-system = [ setuptools ];');
  expect(messagesOf(outcome)).toContain(
    'note: tea: made-up-helper is left out of build-system: no index has a project of that name, and only this speaks for it: setup.py imports made_up_helper',
  );
});

it('a build requirement that an override takes out is not asked for by the build', async () => {
  const { writeFile, mkdir } = await import('node:fs/promises');
  const rules = `${bench().folder}/rules`;
  await mkdir(rules);
  await writeFile(
    `${rules}/tea.toml`,
    '[[rule]]\nbuild-system.remove = ["made-up-nothing"]\nreason = "only for statistics"\n',
  );
  await serveProjects(bench(), { tea: { build: ['setuptools', 'made-up-nothing'] } });
  const outcome = await printed(['tea', '--overrides', 'rules']);
  expect(expressionOf('tea', outcome)).toContain(`  # made-up-nothing is left out: an override takes it out of the build
  build-system = [ setuptools ];

  # the build asks for made-up-nothing, which is left out
  pypaBuildFlags = [ "--skip-dependency-check" ];`);
});

it('--resolution lowest holds for what runs, not for what builds and tests', async () => {
  const releases = { versions: { '1.0': {}, '2.0': {} } };
  await serveProjects(bench(), {
    tea: { requires: ['made-up-spoon'], build: ['setuptools', 'made-up-forge'], tests: ['pytest', 'made-up-cup'] },
    'made-up-spoon': releases,
    'made-up-forge': releases,
    'made-up-cup': releases,
  });
  const outcome = await printed(['tea', '--resolution', 'lowest', '--with-checks']);
  const versions = ['made-up-spoon', 'made-up-forge', 'made-up-cup'].map(
    (name) => /version = "(.*)";/u.exec(expressionOf(name, outcome))?.[1],
  );
  expect(versions).toEqual(['1.0', '2.0', '2.0']);
});
