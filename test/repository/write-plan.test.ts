import { describe, expect, it } from 'vitest';
import { digestOf, type OnDisk, planWrite } from '../../src/repository/write-plan.ts';

function file(text: string): OnDisk {
  return { kind: 'file', sha256: digestOf(text) };
}

const ABSENT: OnDisk = { kind: 'absent' };
const FOLDER: OnDisk = { kind: 'obstacle', what: 'is a folder' };

describe('planWrite', () => {
  it.each<[string, OnDisk, string | null, boolean, string]>([
    ['creates what is not there', ABSENT, null, false, 'create'],
    ['creates again what was deleted', ABSENT, 'old', false, 'create'],
    ['replaces what is as it was written', file('old'), 'old', false, 'replace'],
    ['leaves what is the same already', file('new'), 'old', false, 'unchanged'],
    ['leaves what somebody else wrote with the same text', file('new'), null, false, 'unchanged'],
    ['does not overwrite a file of somebody else', file('old'), null, false, 'was not written by pypi2nix'],
    ['does not overwrite an edited file', file('mine'), 'old', false, 'has changed since pypi2nix wrote it'],
    ['overwrites a file of somebody else by force', file('old'), null, true, 'replace'],
    ['overwrites an edited file by force', file('mine'), 'old', true, 'replace'],
    ['never overwrites a folder', FOLDER, null, true, 'is a folder'],
  ])('%s', (_behaviour, there, written, force, expected) => {
    const plan = planWrite({
      files: new Map([['a', 'new']]),
      disk: new Map([['a', there]]),
      generated: new Map(written === null ? [] : [['a', digestOf(written)]]),
      force,
    });

    const { blocked, ...rest } = plan;
    const done = Object.entries(rest).flatMap(([kind, paths]) => paths.map((path) => [kind, path]));
    expect([...done, ...blocked.map(({ path, why }) => [why, path])]).toEqual([[expected, 'a']]);
  });

  it('lists paths in order', () => {
    const files = new Map(['b', 'a/b', 'a'].map((path) => [path, '']));

    expect(planWrite({ files, disk: new Map(), generated: new Map(), force: false }).create).toEqual(['a', 'a/b', 'b']);
  });
});
