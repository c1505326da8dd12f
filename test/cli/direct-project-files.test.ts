import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { saucer, sdist } from './support/kitchen.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

async function put(file: string, content: string): Promise<void> {
  const whole = path.join(bench().folder, file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, content);
}

/** Serves made-up-NAME for each name, without requirements. */
async function serve(...names: readonly string[]): Promise<void> {
  for (const name of names) bench().index.project(`made-up-${name}`, [await sdist(`made-up-${name}`, '1.0')]);
}

function generated({ stdout, stderr }: CommandOutcome): string[] {
  const names = [...stdout.matchAll(/pname = "made-up-(.*)";/gu)].map((match) => match[1] ?? '');
  return names.length > 0 ? names : [stderr];
}

function errorOf({ code, stderr }: CommandOutcome): string {
  expect(code).not.toBe(0);
  return /^error: (.*)$/mu.exec(stderr)?.[1] ?? stderr;
}

const PROJECT = `[project]
name = "made-up-table"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["made-up-cup", "made-up-table[warm]"]

[project.optional-dependencies]
warm = ["made-up-kettle"]
All_Of = ["made-up-table[warm,cold]"]
cold = ["made-up-ice; python_version >= '3'"]

[dependency-groups]
dev = [{ include-group = "test" }, "made-up-linter"]
test = ["made-up-tester", "made-up-table[cold]"]
`;

describe('a pyproject.toml', () => {
  it('asks for the dependencies of its project, not for the project', async () => {
    await put('pyproject.toml', PROJECT);
    await serve('cup', 'kettle');
    expect(generated(await bench().run(['-p', 'pyproject.toml']))).toEqual(['cup', 'kettle']);
  });

  it('asks for extras by name, those that refer to others of the project too', async () => {
    await put('pyproject.toml', PROJECT);
    await serve('cup', 'kettle', 'ice');
    expect(generated(await bench().run(['-p', 'pyproject.toml[all-of]']))).toEqual(['cup', 'ice', 'kettle']);
  });

  it('asks for dependency groups by name', async () => {
    await put('pyproject.toml', PROJECT);
    await serve('cup', 'kettle', 'ice', 'linter', 'tester');
    expect(generated(await bench().run(['-p', 'pyproject.toml', '--group', 'dev']))).toEqual([
      'cup',
      'ice',
      'kettle',
      'linter',
      'tester',
    ]);
  });

  it('may have groups alone', async () => {
    await put('pyproject.toml', '[dependency-groups]\ntest = ["made-up-tester"]\n');
    await serve('tester');
    expect(generated(await bench().run(['-p', 'pyproject.toml', '--group', 'test']))).toEqual(['tester']);
  });

  it('of Poetry is read by its own tables', async () => {
    await put(
      'pyproject.toml',
      '[tool.poetry]\nname = "made-up-table"\nversion = "1.0"\n[tool.poetry.dependencies]\npython = "^3.9"\nmade-up-cup = "^1.0"\n[tool.poetry.group.test.dependencies]\nmade-up-tester = "*"\n',
    );
    await serve('cup', 'tester');
    expect(generated(await bench().run(['-p', 'pyproject.toml', '--group', 'test']))).toEqual(['cup', 'tester']);
  });

  it.each([
    [
      'a requirements file',
      {
        'pyproject.toml':
          '[project]\nname = "made-up-table"\ndynamic = ["version", "dependencies"]\n[tool.setuptools.dynamic]\ndependencies = { file = ["requirements.txt"] }\n',
        'requirements.txt': 'made-up-cup\n',
      },
    ],
    [
      'setup.cfg',
      {
        'pyproject.toml': '[build-system]\nrequires = ["setuptools"]\n',
        'setup.cfg': '[metadata]\nname = made-up-table\n[options]\ninstall_requires =\n  made-up-cup\n',
      },
    ],
    [
      'setup.py',
      {
        'pyproject.toml': '[project]\nname = "made-up-table"\ndynamic = ["version", "dependencies"]\n',
        'setup.py': 'from setuptools import setup\nsetup(install_requires=["made-up-cup"])\n',
      },
    ],
  ])('leaves its dependencies to %s', async (_what, files) => {
    for (const [name, text] of Object.entries(files)) await put(name, text);
    await serve('cup');
    expect(generated(await bench().run(['-p', 'pyproject.toml']))).toEqual(['cup']);
  });

  it('whose dependencies nobody can read is an error that says where, never nothing', async () => {
    await put('pyproject.toml', '[project]\nname = "made-up-table"\ndynamic = ["dependencies"]\n');
    expect(errorOf(await bench().run(['-p', 'pyproject.toml']))).toMatch(
      /^the requirements of pyproject\.toml cannot be read without running its build backend: .*\(pyproject\.toml:1\) \[E_DYNAMIC_REQUIREMENTS\]$/u,
    );
    await put(
      'setup.py',
      'import urllib.request\nfrom setuptools import setup\nsetup(install_requires=urllib.request.urlopen("x").read())\n',
    );
    expect(errorOf(await bench().run(['-p', 'pyproject.toml']))).toMatch(
      /\(setup\.py:3\) \[E_DYNAMIC_REQUIREMENTS\]$/u,
    );
  });

  it.each([
    [
      '',
      ['-p', 'pyproject.toml'],
      'pyproject.toml has neither [project] nor [tool.poetry], and no setup.cfg or setup.py is beside it [E_BAD_PYPROJECT]',
    ],
    ['[project\n', ['-p', 'pyproject.toml'], 'pyproject.toml:1: it is no valid TOML [E_BAD_PYPROJECT]'],
    [PROJECT, ['-p', 'pyproject.toml[hot]'], 'pyproject.toml has no extra hot [E_NO_SUCH_EXTRA]'],
    [
      PROJECT,
      ['-p', 'pyproject.toml', '--group', 'docs'],
      'pyproject.toml has no dependency group docs [E_BAD_DEPENDENCY_GROUP]',
    ],
    [PROJECT, ['-p', 'missing.toml'], 'missing.toml cannot be read [E_CANNOT_READ]'],
    [
      PROJECT.replace('>=3.9', '>=3.99'),
      ['-p', 'pyproject.toml', '--python', '3.13'],
      'pyproject.toml requires Python >=3.99, and the targets have 3.13 [E_REQUIRES_PYTHON]',
    ],
  ])('that is wrong is an error: %#', async (text, args, error) => {
    await put('pyproject.toml', text);
    expect(errorOf(await bench().run(args))).toBe(error);
  });

  it('may require by address, relative to its own folder', async () => {
    await put(
      'deep/pyproject.toml',
      '[project]\nname = "made-up-table"\ndependencies = ["made-up-saucer @ file:saucer-1.0.tar.gz"]\n',
    );
    await writeFile(path.join(bench().folder, 'deep/saucer-1.0.tar.gz'), (await saucer()).bytes);
    const { stdout, stderr } = await bench().run(['-p', 'deep/pyproject.toml']);
    expect(stdout + stderr).toContain('src = ./deep/saucer-1.0.tar.gz;');
  });

  it('tells that the addresses of tools are not followed', async () => {
    await put('pyproject.toml', `${PROJECT}\n[tool.uv.sources]\nmade-up-cup = { path = "../cup" }\n`);
    await serve('cup', 'kettle');
    expect((await bench().run(['-p', 'pyproject.toml'])).stderr).toContain(
      'where a table of uv or Poetry has made-up-cup from is passed over',
    );
  });
});
