import { describe, expect, it } from 'vitest';
import { isLockedFile } from '../../src/lock/locked-projects.ts';
import { COMMIT, DIGEST, faults, lines, OTHER_DIGEST, read, roots, target } from './support/read.ts';

const LOCK = `# made by a compiler of requirements
--require-hashes
Alpha[fast]==1.0 ; python_version >= "3.8" \\
    --hash=sha256:${OTHER_DIGEST} \\
    --hash=sha256:${DIGEST}
    # via -r requirements.in
beta==2.0 ; sys_platform == "win32" --hash=sha256:${DIGEST}
gamma @ git+https://code.test/gamma.git@${COMMIT}#subdirectory=python
remote @ https://files.test/remote-1.0.tar.gz --hash=sha256:${DIGEST}
-e ./local#egg=local
`.replace('-e ./local#egg=local\n', `local @ file:///elsewhere/local-1.0.zip#sha256=${DIGEST}\n`);

describe('a requirements file as a lock', () => {
  it('gives each pinned line as a project and a root', () => {
    const locked = read('requirements.txt', LOCK.replace(/^gamma.*\n/mu, ''));
    expect(lines(locked)).toEqual([
      'alpha[fast] 1.0 *:a *:b',
      `local - from file:///elsewhere/local-1.0.zip#sha256=${DIGEST}`,
      `remote - from https://files.test/remote-1.0.tar.gz#sha256=${DIGEST} *:a`,
    ]);
    expect(roots(locked).map((text) => text.split(' ')[0])).toEqual(['alpha[fast]', 'local', 'remote']);
    expect(locked.notes).toEqual([]);
  });

  it('takes addresses with a full commit', () => {
    const locked = read('requirements.txt', `gamma @ git+https://code.test/gamma.git@${COMMIT}#subdirectory=python\n`);
    expect(lines(locked)).toEqual([`gamma - from git+https://code.test/gamma.git@${COMMIT}#subdirectory=python`]);
  });

  it('says that nothing is checked where no line has a hash', () => {
    expect(read('requirements.txt', 'alpha==1.0\n').notes).toEqual([
      { kind: 'warning', text: 'the lock has no hashes, so no file is checked', file: 'requirements.txt' },
    ]);
  });

  it('is a fork where the targets need two versions', () => {
    const text = 'a==1 ; sys_platform == "linux"\na==2 ; sys_platform == "darwin"\n';
    expect(
      faults(() => read('requirements.txt', text, { targets: [target('3.13'), target('3.13', 'darwin')] })),
    ).toEqual([
      'E_LOCK_FORK requirements.txt has 2 versions of a for the targets, and a package set holds one: 1 (sys_platform == "linux") for Python 3.13 on x86_64-linux and 2 (sys_platform == "darwin") for Python 3.13 on aarch64-darwin',
    ]);
    expect(lines(read('requirements.txt', text))).toEqual(['a 1']);
  });

  it.each([
    ['a>=1', ['1: a is not pinned to one version, a==1.0 for example']],
    ['a', ['1: a is not pinned to one version, a==1.0 for example']],
    ['a==1.*', ['1: a is not pinned to one version, a==1.0 for example']],
    [
      '\na==1,!=2\nb>2',
      [
        '2: a is not pinned to one version, a==1.0 for example',
        '3: b is not pinned to one version, b==1.0 for example',
      ],
    ],
    [`a==1 --hash=sha256:${DIGEST}\nb==1`, ['2: b has no hash, and other lines have']],
    ['a==1 --hash=sha256:abc', ['1: --hash=sha256:abc is no sha256, sha384 or sha512 in hex']],
    ['-r other.txt', ['1: a lock cannot include other files']],
    ['https://files.test/a-1.0.tar.gz', ['1: an address in a lock needs the name of its project: name @ address']],
    ['a @ git+https://code.test/a.git@main', ['1: names no full commit']],
    ['--what', ['1: unknown option --what']],
  ])('tells each line that pins nothing: %j', (text, expected) => {
    expect(faults(() => read('requirements.txt', text))).toEqual(
      expected.map((fault) => `E_BAD_LOCK requirements.txt:${fault}`),
    );
  });

  it('leaves out the project that it was made for, as uv export writes it', () => {
    const locked = read('requirements.txt', `-e .\nalpha==1.0 --hash=sha256:${DIGEST}\n`);
    expect([...locked.projects.keys()]).toEqual(['alpha']);
    expect(locked.notes.map(({ text }) => text)).toEqual(['. is the project of the lock itself and is left out']);
  });
});

describe('isLockedFile', () => {
  const [project] = read('requirements.txt', `a==1 --hash=sha256:${DIGEST}`).projects.values();
  const [free] = read('requirements.txt', 'a==1').projects.values();

  it.each([
    [project, DIGEST, true],
    [project, OTHER_DIGEST, false],
    [free, OTHER_DIGEST, true],
  ])('compares digests where the lock has them: %#', (locked, digest, expected) => {
    expect(locked === undefined ? null : isLockedFile(locked, 'a-1.tar.gz', digest)).toBe(expected);
  });
});
