import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { COMMANDS } from '../../src/cli/options/commands.ts';
import { type Invocation, parseArguments } from '../../src/cli/options.ts';

function parse(...args: string[]): Invocation {
  return parseArguments(args, { version: '1.2.3', environment: {} });
}

/** The command and its requirements. */
function asked(...args: string[]): unknown {
  const invocation = parse(...args);
  return invocation.kind === 'text' ? 'text' : [invocation.kind, ...invocation.words];
}

function fault(...args: string[]): string {
  try {
    parse(...args);
  } catch (thrown) {
    if (thrown instanceof UserError) return `${thrown.exit} ${thrown.message} | ${thrown.hint}`;
    throw thrown;
  }
  return 'no fault';
}

describe('which command is meant', () => {
  it.each([
    [
      ['toolz', 'datashape'],
      ['generate', 'toolz', 'datashape'],
    ],
    [
      ['generate', 'toolz'],
      ['generate', 'toolz'],
    ],
    [
      ['lock', 'toolz'],
      ['lock', 'toolz'],
    ],
    [
      ['tree', 'toolz'],
      ['tree', 'toolz'],
    ],
    [
      ['--offline', 'lock', 'toolz'],
      ['lock', 'toolz'],
    ],
    [
      ['--python', '3.13', 'lock', 'toolz'],
      ['lock', 'toolz'],
    ],
    [
      ['--python=3.13', 'lock', 'toolz'],
      ['lock', 'toolz'],
    ],
    [
      ['-qj', '4', 'lock', 'toolz'],
      ['lock', 'toolz'],
    ],
    [
      ['-j4', 'lock', 'toolz'],
      ['lock', 'toolz'],
    ],
    [
      ['--depth', '2', 'tree', 'toolz'],
      ['tree', 'toolz'],
    ],
    [
      ['toolz', 'lock'],
      ['generate', 'toolz', 'lock'],
    ],
  ])('%j', (args, expected) => {
    expect(asked(...args)).toEqual(expected);
  });

  it.each([
    [
      ['generate', 'lock'],
      ['generate', 'lock'],
    ],
    [
      ['--', 'lock'],
      ['generate', 'lock'],
    ],
    [
      ['lock', 'lock'],
      ['lock', 'lock'],
    ],
    [
      ['lock', '--', 'tree'],
      ['lock', 'tree'],
    ],
    [
      ['generate', 'help'],
      ['generate', 'help'],
    ],
    [
      ['-q', '--', 'generate', 'toolz'],
      ['generate', 'generate', 'toolz'],
    ],
  ])('%j names a project that is called like a command', (args, expected) => {
    expect(asked(...args)).toEqual(expected);
  });

  it.each([['-r'], ['--requirement'], ['-c'], ['--lock'], ['-o'], ['--find-links'], ['--prefer']])(
    'the value of %s is no command, even when it is called like one',
    (option) => {
      expect(asked(option, 'lock', 'toolz')).toEqual(['generate', 'toolz']);
    },
  );
});

describe('every command', () => {
  const tables = COMMANDS.map(({ name, table }) => ({ name, options: table() }));

  it('takes a value for an option exactly where the others do, because the command may stand behind it', () => {
    const values = new Map<string, Set<boolean>>();
    for (const { options } of tables)
      for (const { short, long, required } of options)
        for (const flag of [short, long])
          if (flag !== undefined) values.set(flag, (values.get(flag) ?? new Set()).add(required));
    expect([...values].filter(([, kinds]) => kinds.size > 1)).toEqual([]);
  });

  it.each(tables)('$name has each option once', ({ options }) => {
    const flags = options.flatMap(({ short, long }) => [short, long].filter((flag) => flag !== undefined));
    expect(flags).toEqual([...new Set(flags)]);
  });

  // `overrides` begins with what is to be done, `search` looks for a text, and a repository has what it asks for.
  const others = ['overrides', 'search', 'env', 'init', 'add', 'remove', 'regenerate', 'update', 'check'];
  const takingRequirements = tables.filter(({ name }) => !others.includes(name));

  it.each(takingRequirements)('$name can be asked for with nothing but a requirement', ({ name }) => {
    expect(asked(name, 'toolz')).toEqual([name, 'toolz']);
  });

  it.each(takingRequirements)('$name tells what is missing', ({ name }) => {
    expect(fault(name)).toBe(
      `2 no requirement is given: name at least one project, for example: pypi2nix ${name} toolz | pypi2nix ${name} --help lists the options`,
    );
  });
});

describe('options that contradict each other', () => {
  it.each([
    [['lock', 'x', '--upgrade'], '--upgrade only has a meaning with --output'],
    [['lock', 'x', '--force'], '--force only has a meaning with --output'],
    [['lock', 'x', '--format', 'wheel'], '--format only has a meaning with --with-builds or --with-checks'],
    [['lock', 'x', '--overrides', 'o'], '--overrides only has a meaning with --with-builds or --with-checks'],
    [['lock', 'x', '--group', 'dev'], '--group only has a meaning with --project or --lock'],
    [
      ['lock', '--lock', 'uv.lock', '-o', 'pylock.toml', '--upgrade'],
      '--lock and --upgrade exclude each other: the lock file has decided the versions',
    ],
    [
      ['tree', '--lock', 'uv.lock', '--resolution', 'lowest'],
      '--lock and --resolution exclude each other: the lock file has decided the versions',
    ],
    [['tree', 'x', '--json', '--depth', '1'], '--json and --depth exclude each other: --json has the whole graph'],
    [['tree', 'x', '--json', '--invert', 'y'], '--json and --invert exclude each other: --json has the whole graph'],
    [
      ['lock', '--lock', 'uv.lock', '--prefer', 'nixpkgs'],
      '--lock and --prefer exclude each other without --with-builds: the lock file has decided the versions',
    ],
    [['x', '--json', '--hash', 'hex'], '--json and --hash exclude each other: the facts have the digest in hex'],
    [
      ['x', '--deps', 'named', '--with-checks'],
      '--deps named and --with-checks exclude each other: check inputs are not named',
    ],
    [['x', '--with-checks', '--no-checks'], '--with-checks and --no-checks exclude each other'],
  ])('%j', (args, message) => {
    expect(fault(...args).split(' | ')[0]).toBe(`2 ${message}`);
  });
});

describe('what a command cannot honour', () => {
  it.each([
    [
      ['lock', 'x', '--deps', 'all'],
      "unknown option '--deps'",
      '--deps is an option of generate, init, add, env, why, overrides',
    ],
    [
      ['tree', 'x', '--format', 'wheel'],
      "unknown option '--format'",
      '--format is an option of generate, init, add, env, lock, why, overrides',
    ],
    [['x', '--invert', 'y'], "unknown option '--invert'", '--invert is an option of tree'],
  ])('%j is wrong use, and the commands are named that can', (args, message, owner) => {
    expect(fault(...args)).toMatch(new RegExp(`^2 ${message} .*\\| .* lists the options; ${owner}$`, 'u'));
  });
});

describe('what was misspelt', () => {
  it('an option of a command comes with the right one', () => {
    expect(fault('tree', 'x', '--invret', 'y')).toContain('(Did you mean --invert?)');
  });

  it('a command after help comes with the right one', () => {
    expect(fault('help', 'lokc')).toBe(
      '2 there is no command "lokc". Did you mean lock? | pypi2nix --help lists the options',
    );
  });

  it('a command that is taken for a project is remembered', () => {
    expect(parse('lokc', 'toolz')).toMatchObject({ kind: 'generate', meant: 'lock' });
    expect(parse('toolz')).toMatchObject({ kind: 'generate', meant: null });
    expect(parse('--', 'lokc')).toMatchObject({ kind: 'generate', meant: null });
  });
});

describe('lock', () => {
  it('needs builds for checks', () => {
    expect(parse('lock', 'x', '--with-checks')).toMatchObject({ options: { withBuilds: true, withChecks: true } });
    expect(parse('lock', 'x', '--with-builds')).toMatchObject({ options: { withBuilds: true, withChecks: false } });
    expect(parse('lock', 'x')).toMatchObject({ options: { withBuilds: false, withChecks: false } });
  });
});

describe('a lock file in place of requirements', () => {
  it.each(['generate', 'lock', 'tree'])('is enough for %s', (command) => {
    expect(parse(command, '--lock', 'uv.lock')).toMatchObject({ options: { requirements: [], lock: 'uv.lock' } });
  });
});
