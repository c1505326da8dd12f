import { describe, expect, it } from 'vitest';
import { UserError, userErrorsOf } from '../../src/base/user-error.ts';
import { formatMarker } from '../../src/pep/marker.ts';
import { formatRequirement } from '../../src/pep/requirement.ts';
import type { RequirementsDemand } from '../../src/pep/requirements-demands.ts';
import { parseRequirementsFile, type RequirementLine, type RequirementsFile } from '../../src/pep/requirements-file.ts';

interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly constraints?: boolean;
  readonly follows?: ReadonlySet<RequirementsDemand>;
}

function read(text: string, { files = {}, ...options }: Given = {}): Promise<RequirementsFile> {
  return parseRequirementsFile(
    { name: 'reqs.txt', text },
    {
      ...options,
      read: async (reference) => {
        const found = files[reference];
        if (found === undefined) throw new UserError('E_NO_SUCH_FILE', `no file ${reference}`);
        return { name: reference, text: found };
      },
    },
  );
}

async function faults(text: string, given: Given = {}): Promise<readonly string[]> {
  try {
    await read(text, given);
  } catch (error) {
    return (userErrorsOf(error) ?? []).map(({ message }) => message);
  }
  return [];
}

function shown(line: RequirementLine): string {
  if (line.kind === 'requirement') return `${line.line} ${formatRequirement(line.requirement)}`;
  const marker = line.marker === null ? '' : ` if ${formatMarker(line.marker)}`;
  return `${line.line} ${line.editable ? 'editable ' : ''}${line.kind} ${line.location} as ${line.name}[${line.extras.join()}]${marker}`;
}

async function requirements(text: string, given: Given = {}): Promise<readonly string[]> {
  return (await read(text, given)).requirements.map(shown);
}

const DIGEST = 'a'.repeat(64);
const DEMANDS = ['no-index', 'require-hashes', 'prefer-binary', 'no-binary', 'only-binary'] as const;

describe('requirements in a requirements file', () => {
  it('stand one on a line, with comments, blank lines and continuation lines between them', async () => {
    const text =
      '# start\n\nflask==1.0 # pinned\n  toolz>=0.7,\\\n  <2 \\\n # the end\nname[a];os_name=="posix"\r\nlast \\';
    expect(await requirements(text)).toEqual([
      '3 flask==1.0',
      '4 toolz<2,>=0.7',
      '7 name[a]; os_name == "posix"',
      '8 last',
    ]);
  });

  it('can have digests of their archives', async () => {
    const { requirements: lines } = await read(
      `flask==1.0 \\\n  --hash=sha256:${DIGEST.toUpperCase()} \\\n  --hash sha256:${'b'.repeat(64)}\n`,
    );
    expect(lines).toMatchObject([
      {
        text: 'flask==1.0',
        file: 'reqs.txt',
        line: 1,
        hashes: [
          { algorithm: 'sha256', digest: DIGEST },
          { algorithm: 'sha256', digest: 'b'.repeat(64) },
        ],
      },
    ]);
  });

  it.each([
    ['./dir', 'path ./dir as null[]'],
    ['.', 'path . as null[]'],
    ['dir/sub[a,B_c]', 'path dir/sub as null[a,b-c]'],
    ['pkg-1.0-py3-none-any.whl ; os_name == "nt"', 'path pkg-1.0-py3-none-any.whl as null[] if os_name == "nt"'],
    ['pkg.tar.gz[x]', 'path pkg.tar.gz as null[x]'],
    [
      'https://h.test/a.zip#egg=Foo_bar[x]&subdirectory=y',
      'url https://h.test/a.zip#egg=Foo_bar[x]&subdirectory=y as foo-bar[x]',
    ],
    [
      'git+https://h.test/a;b.git@v1 ; os_name == "nt"',
      'url git+https://h.test/a;b.git@v1 as null[] if os_name == "nt"',
    ],
    ['Foo[x] @ git+ssh://git@h.test/a.git@v1', 'url git+ssh://git@h.test/a.git@v1 as foo[x]'],
    ['foo @ ./dir', 'path ./dir as foo[]'],
    ['-e .[dev]', 'editable path . as null[dev]'],
    ['--editable=git+https://h.test/a.git#egg=a', 'editable url git+https://h.test/a.git#egg=a as a[]'],
    ['-e name', 'editable path name as null[]'],
  ])('can be a path or a URL: %s', async (text, expected) => {
    expect(await requirements(text)).toEqual([`1 ${expected}`]);
  });

  it('take values for variables in capitals; what has no value stays and is told', async () => {
    const text = `--index-url https://\${USER_1}:\${TOKEN}@h.test/simple\n$HOME/x\n\${lower}/x`;
    const file = await read(text, { variables: { USER_1: 'me', TOKEN: '' } });
    expect(file.indexUrl?.value).toBe(`https://me:\${TOKEN}@h.test/simple`);
    expect(file.requirements.map(shown)).toEqual(['2 path $HOME/x as null[]', `3 path \${lower}/x as null[]`]);
    expect(file.notes).toEqual([
      { kind: 'warning', text: 'the variable TOKEN has no value', file: 'reqs.txt', line: 1 },
    ]);
  });
});

describe('options in a requirements file', () => {
  it('are plain data', async () => {
    const file = await read(
      [
        '-i https://h.test/first',
        '--index-url=https://h.test/simple',
        '--extra-index-url "https://h.test/a b"',
        '-fwheels --find-links=https://h.test/links',
        '--no-index --pre --require-hashes --prefer-binary',
        '--no-binary :all:',
        '--only-binary Foo_Bar,baz',
      ].join('\n'),
      { follows: new Set(DEMANDS) },
    );
    expect(file).toEqual({
      requirements: [],
      constraints: [],
      indexUrl: { value: 'https://h.test/simple', file: 'reqs.txt', line: 2 },
      extraIndexUrls: [{ value: 'https://h.test/a b', file: 'reqs.txt', line: 3 }],
      findLinks: [
        { value: 'wheels', file: 'reqs.txt', line: 4 },
        { value: 'https://h.test/links', file: 'reqs.txt', line: 4 },
      ],
      noIndex: true,
      prereleases: true,
      requireHashes: true,
      preferBinary: true,
      noBinary: [':all:'],
      onlyBinary: ['foo-bar', 'baz'],
      notes: [],
    });
  });

  it('about formats: the last word about a project wins', async () => {
    const file = await read('--no-binary a,b\n--only-binary b\n--no-binary :none:\n--no-binary c');
    expect([file.noBinary, file.onlyBinary]).toEqual([['c'], ['b']]);
  });

  it('can be cut short as far as they stay clear', async () => {
    const file = await read('--extra https://h.test/a\n--ind https://h.test/b\n--find-l wheels');
    expect([file.extraIndexUrls, file.indexUrl, file.findLinks]).toMatchObject([
      [{ value: 'https://h.test/a' }],
      { value: 'https://h.test/b' },
      [{ value: 'wheels' }],
    ]);
    expect(await faults('--no x')).toEqual(['reqs.txt:1: --no can be --no-index, --no-binary or --no-require-hashes']);
  });

  it('of releases: all of them are pre-releases allowed, those of single projects a note', async () => {
    expect((await read('--all-releases :all:')).prereleases).toBe(true);
    const { prereleases, notes } = await read('--all-releases a\n--only-final b');
    expect(prereleases).toBe(false);
    expect(notes.map(({ text, line }) => [text, line])).toEqual([
      ['--all-releases a has no effect here: pre-releases are allowed for all projects or none', 1],
      ['--only-final has no effect here', 2],
    ]);
  });

  it('that the caller does not follow become notes, or a fault where that would be unsafe', async () => {
    const { notes } = await read('--prefer-binary\n--no-binary a\n--only-binary b\n--require-hashes');
    expect(notes.map(({ kind, text, line }) => [kind, text, line])).toEqual([
      ['omitted', '--prefer-binary has no effect here', 1],
      ['omitted', '--no-binary has no effect here', 2],
      ['omitted', '--only-binary has no effect here', 3],
      ['warning', '--require-hashes holds for the projects that have a line, not for what they lead to', 4],
    ]);
    expect(await faults('--no-index')).toEqual(['reqs.txt:1: --no-index cannot be followed here']);
  });

  it('that have no meaning here become notes', async () => {
    const { notes } = await read('--trusted-host h.test\nfoo --global-option="--x y" --config-settings a=b');
    expect(notes.map(({ kind, text, line }) => [kind, text, line])).toEqual([
      ['omitted', '--trusted-host has no effect here', 1],
      ['omitted', '--global-option beside a requirement has no effect here', 2],
      ['omitted', '--config-settings beside a requirement has no effect here', 2],
    ]);
  });
});

describe('digests in a requirements file', () => {
  const hash = `--hash=sha256:${DIGEST}`;

  it('are wanted everywhere with --require-hashes, and exact versions with them', async () => {
    const text = `a==1 ${hash}\nb>=1 ${hash}\nc==1\nd==1.* ${hash}\ne ${hash}\n-c limits.txt\n--require-hashes`;
    expect(await faults(text, { files: { 'limits.txt': 'e==2' } })).toEqual([
      'reqs.txt:2: --require-hashes of reqs.txt:7 is not met: no version pinned by ==',
      'reqs.txt:3: --require-hashes of reqs.txt:7 is not met: no --hash',
      'reqs.txt:4: --require-hashes of reqs.txt:7 is not met: no version pinned by ==',
    ]);
  });

  it('can stand in the URL of an archive', async () => {
    const text = `--require-hashes\nhttps://h.test/a-1.zip#sha256=${DIGEST}\n./b-1.zip ${hash}`;
    expect(await faults(text)).toEqual([]);
  });

  it('are not wanted after --no-require-hashes', async () => {
    expect(await faults('--require-hashes\na\n--no-require-hashes')).toEqual([]);
  });

  it('of some requirements make a warning of those that have none', async () => {
    const { notes } = await read(`a==1 ${hash}\nb`);
    expect(notes).toEqual([
      {
        kind: 'warning',
        text: 'no --hash, though line 1 of reqs.txt has one: its archive is not checked',
        file: 'reqs.txt',
        line: 2,
      },
    ]);
  });
});

describe('included files', () => {
  it('put their lines in their place; those of -c are constraints', async () => {
    const file = await read('first\n-r base.txt\n-c limits.txt\nlast', {
      files: { 'base.txt': 'second\n-r more.txt', 'more.txt': 'third', 'limits.txt': 'numpy<2' },
    });
    expect(file.requirements.map((line) => `${line.file} ${shown(line)}`)).toEqual([
      'reqs.txt 1 first',
      'base.txt 1 second',
      'more.txt 1 third',
      'reqs.txt 4 last',
    ]);
    expect(file.constraints.map((line) => `${line.file} ${shown(line)}`)).toEqual(['limits.txt 1 numpy<2']);
  });

  it('are asked for with the file that names them', async () => {
    const asked: string[] = [];
    const texts: Record<string, string> = { 'sub/base.txt': '-r more.txt', 'more.txt': '' };
    await parseRequirementsFile(
      { name: 'reqs.txt', text: '-r sub/base.txt' },
      {
        read: (reference, includedBy) => {
          asked.push(`${includedBy}: ${reference}`);
          return { name: reference, text: texts[reference] ?? '' };
        },
      },
    );
    expect(asked).toEqual(['reqs.txt: sub/base.txt', 'sub/base.txt: more.txt']);
  });

  it('may not include themselves', async () => {
    expect(await faults('-r a.txt', { files: { 'a.txt': 'x\n-r b.txt', 'b.txt': '-r a.txt' } })).toEqual([
      'b.txt:1: the file includes itself: a.txt -> b.txt -> a.txt',
    ]);
  });

  it('that cannot be read are told with the line that names them, beside all other faults', async () => {
    const text = 'a=1\n-r gone.txt\n-r sub.txt';
    expect(await faults(text, { files: { 'sub.txt': '\n-c lost.txt' } })).toEqual([
      expect.stringContaining('reqs.txt:1: not a requirement'),
      'reqs.txt:2: no file gone.txt',
      'sub.txt:2: no file lost.txt',
    ]);
    await expect(read('-r gone.txt')).rejects.toMatchObject({ code: 'E_NO_SUCH_FILE', exit: 1 });
  });

  it('end the run when the reader has a defect', async () => {
    const reading = parseRequirementsFile(
      { name: 'reqs.txt', text: '-r a.txt' },
      {
        read: () => {
          throw new TypeError('broken');
        },
      },
    );
    await expect(reading).rejects.toThrow(TypeError);
  });
});

describe('faults in a requirements file', () => {
  it.each([
    ['--frobnicate', 'reqs.txt:1: unknown option --frobnicate'],
    ['\nfoo -x', 'reqs.txt:2: unknown option -x'],
    ['--index-url', 'reqs.txt:1: --index-url has no value'],
    ['--pre=yes', 'reqs.txt:1: --pre takes no value'],
    ['--pre foo', 'reqs.txt:1: "foo" belongs to no option'],
    ['--find-links "open', 'reqs.txt:1: a quote is not closed, or a backslash has nothing after it'],
    ['--find-links a\\ # c', 'reqs.txt:1: a quote is not closed, or a backslash has nothing after it'],
    ['foo --hash=md5:abc', 'reqs.txt:1: --hash=md5:abc is no sha256, sha384 or sha512 in hex'],
    ['foo>=', 'reqs.txt:1: not a requirement: expected a version after >=\n    foo>=\n       ~~^'],
    [
      './dir ; os_name',
      'reqs.txt:1: not a marker: expected an operator: <, <=, ==, !=, >=, >, ~=, ===, in or "not in"\n     os_name\n            ^',
    ],
  ])('%j: %s', async (text, message) => {
    expect(await faults(text)).toEqual([message]);
  });

  it('are reported together', async () => {
    expect(await faults('a=1\nfine\n--bad\n-r sub.txt', { files: { 'sub.txt': '\n--worse' } })).toEqual([
      expect.stringContaining('reqs.txt:1: not a requirement'),
      'reqs.txt:3: unknown option --bad',
      'sub.txt:2: unknown option --worse',
    ]);
  });

  it('have a code, an exit code and a hint', async () => {
    await expect(read('--bad')).rejects.toThrow(
      expect.objectContaining({ code: 'E_BAD_REQUIREMENTS_FILE', exit: 65, hint: expect.any(String) }),
    );
  });

  it.each([
    ['-e .', 'a constraint cannot be editable'],
    ['./dir', 'a constraint needs the name of a project'],
    ['foo[bar]<2', 'a constraint cannot have extras'],
  ])('constraints are versions of projects only: %s', async (text, message) => {
    expect(await faults(text, { constraints: true })).toEqual([`reqs.txt:1: ${message}`]);
  });
});
