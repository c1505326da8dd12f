import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/repository/digest.ts';
import { generatedText } from '../../src/repository/generated-record.ts';
import { type OnDisk, planWrite } from '../../src/repository/write-plan.ts';

function file(text: string): OnDisk {
  return { kind: 'file', sha256: digestOf(text), text };
}

const ABSENT: OnDisk = { kind: 'absent' };
const FOLDER: OnDisk = { kind: 'obstacle', what: 'is a folder' };

describe('planWrite', () => {
  it.each<[string, OnDisk, string | null, boolean, string]>([
    ['creates what is not there', ABSENT, null, false, 'created'],
    ['creates again what was deleted', ABSENT, 'old', false, 'restored'],
    ['replaces what is as it was written', file('old'), 'old', false, 'replaced'],
    ['leaves what is the same already', file('new'), 'old', false, 'unchanged'],
    ['leaves what somebody else wrote with the same text', file('new'), null, false, 'unchanged'],
    ['does not overwrite a file of somebody else', file('old'), null, false, 'was not written by pypi2nix'],
    ['does not overwrite an edited file', file('mine'), 'old', false, 'conflict'],
    ['keeps an edited file of which nothing has changed', file('mine'), 'new', false, 'kept'],
    ['overwrites a file of somebody else by force', file('old'), null, true, 'replaced'],
    ['overwrites an edited file by force', file('mine'), 'old', true, 'replaced'],
    ['never overwrites a folder', FOLDER, null, true, 'is a folder'],
  ])('%s', (_behaviour, there, written, force, expected) => {
    const plan = planWrite({
      files: new Map([['a', { text: 'new' }]]),
      disk: new Map([['a', there]]),
      generated: new Map(written === null ? [] : [['a', generatedText(written)]]),
      isOrphan: () => true,
      force,
    });

    expect([...plan.outcomes.values(), ...plan.blocked.map(({ why }) => why)]).toEqual([expected]);
  });

  it.each<[string, OnDisk, string | null, string]>([
    ['leaves a file that nothing needs deleted', ABSENT, 'old', 'declined'],
    ['takes a file of somebody else in its place', file('theirs'), null, 'foreign'],
    ['takes even a folder in its place', FOLDER, null, 'foreign'],
    ['creates it where nothing is', ABSENT, null, 'created'],
  ])('%s', (_behaviour, there, written, expected) => {
    const plan = planWrite({
      files: new Map([['a', { text: 'new', isOptional: true }]]),
      disk: new Map([['a', there]]),
      generated: new Map(written === null ? [] : [['a', generatedText(written)]]),
      isOrphan: () => true,
      force: false,
    });

    expect([...plan.outcomes.values(), ...plan.blocked]).toEqual([expected]);
  });

  it('lists paths in order', () => {
    const files = new Map(['b', 'a/b', 'a'].map((path) => [path, { text: '' }]));
    const plan = planWrite({ files, disk: new Map(), generated: new Map(), isOrphan: () => true, force: false });

    expect(plan.changes.map(({ path }) => path)).toEqual(['a', 'a/b', 'b']);
  });
});
