import { describe, expect, it } from 'vitest';
import { COMMIT, DIGEST, errors, faults, lines, OTHER_DIGEST, read, roots, target } from './support/read.ts';

const LOCK = JSON.stringify(
  {
    _meta: { hash: { sha256: 'x' }, 'pipfile-spec': 6, requires: { python_version: '3.13' }, sources: [] },
    default: {
      Alpha: {
        hashes: [`sha256:${OTHER_DIGEST}`, `sha256:${DIGEST}`],
        index: 'pypi',
        extras: ['fast'],
        markers: "python_version >= '3.8'",
        version: '==1.0',
      },
      beta: { hashes: [], os_name: "== 'nt'", version: '==2.0' },
      gamma: { git: 'https://code.test/gamma.git', ref: COMMIT, subdirectory: 'python', editable: true },
      local: { path: './local', editable: true },
      remote: { file: 'https://files.test/remote-1.0.tar.gz', hashes: [`sha256:${DIGEST}`] },
      e1839a8: { path: '.', editable: true },
    },
    develop: { alpha: { version: '==1.0', markers: "sys_platform == 'linux'" }, checker: { version: '==3.0' } },
    docs: { documenter: { version: '==4.0' } },
  },
  null,
  4,
);

describe('a Pipfile.lock', () => {
  it('gives the packages of the default section, each as a root', () => {
    const locked = read('Pipfile.lock', LOCK);
    expect(lines(locked)).toEqual([
      'alpha[fast] 1.0 *:a *:b',
      `gamma - from git+https://code.test/gamma.git@${COMMIT}#subdirectory=python`,
      'local - from file:///project/local/#editable=true',
      `remote - from https://files.test/remote-1.0.tar.gz#sha256=${DIGEST} *:a`,
    ]);
    expect(roots(locked).map((text) => text.split(' ')[0])).toEqual(['alpha[fast]', 'gamma', 'local', 'remote']);
    expect(locked.notes).toEqual([
      { kind: 'omitted', text: 'e1839a8 is the project of the lock itself and is left out', file: 'Pipfile.lock' },
    ]);
  });

  it.each([
    [['dev'], ['alpha', 'checker', 'gamma', 'local', 'remote']],
    [['docs'], ['alpha', 'documenter', 'gamma', 'local', 'remote']],
  ])('gives those of %j too when they are asked for', (groups, expected) => {
    expect([...read('Pipfile.lock', LOCK, { groups }).projects.keys()]).toEqual(expected);
  });

  it('says when it is made for another Python', () => {
    expect(read('Pipfile.lock', LOCK, { targets: [target('3.12'), target('3.13')] }).notes).toContainEqual({
      kind: 'warning',
      text: 'the lock is made for Python 3.13: its versions may not fit Python 3.12 on x86_64-linux',
      file: 'Pipfile.lock',
    });
  });

  it('is a fork where two sections that are wanted have two versions', () => {
    const text = '{"default": {"a": {"version": "==1"}}, "develop": {"a": {"version": "==2"}}}';
    expect(faults(() => read('Pipfile.lock', text, { groups: ['develop'] }))).toEqual([
      'E_LOCK_FORK Pipfile.lock has 2 versions of a for the targets, and a package set holds one: 1 for Python 3.13 on x86_64-linux and 2 for Python 3.13 on x86_64-linux',
    ]);
  });

  it('says that no choice of targets helps where one target uses both', () => {
    const text = '{"default": {"a": {"version": "==1"}}, "develop": {"a": {"version": "==2"}}}';
    const [error] = errors(() => read('Pipfile.lock', text, { groups: ['develop'] }));
    expect(error?.hint).toBe(
      'one target uses several of them, which no choice of targets changes: make the lock again, or ask for fewer groups and extras',
    );
  });

  it.each([
    ['{', 'Pipfile.lock:1:2: this is no JSON: '],
    ['[]', 'Pipfile.lock:1:1: must be a table'],
    [
      '{\n  "default": {\n    "a": {"version": ">=1"}\n  }\n}',
      'Pipfile.lock:3:11: default.a.version must be one version, ==1.0 for example',
    ],
    ['{\n  "default": {\n    "a": {}\n  }\n}', 'Pipfile.lock:3:5: default.a must be one version, ==1.0 for example'],
    ['{"default": {"__proto__": {"version": 1}}}', 'Pipfile.lock:1:28: default.__proto__.version must be a text'],
    ['{"default": {"../a": {"version": "==1"}}}', 'Pipfile.lock:1:14: default."../a" is no name of a project'],
    [
      '{"default": {"a": {"git": "https://code.test/a", "ref": "main"}}}',
      'Pipfile.lock:1:20: default.a.git names no full commit',
    ],
    [
      '{"default": {"a": {"version": "==1", "markers": "x"}}}',
      'Pipfile.lock:1:38: default.a.markers is not a marker: there is no variable x',
    ],
    [
      '{"default": {"a": {"version": "==1", "hashes": {}}}}',
      'Pipfile.lock:1:38: default.a.hashes must be a list of texts',
    ],
  ])('tells its faults with their places: %j', (text, expected) => {
    expect(
      faults(() => read('Pipfile.lock', text)).map((fault) => fault.slice(0, `E_BAD_LOCK ${expected}`.length)),
    ).toEqual([`E_BAD_LOCK ${expected}`]);
  });
});
