import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Note } from '../../src/base/note.ts';
import { parseNetrc, readNetrc } from '../../src/net/netrc.ts';

function entries(text: string): Record<string, string> {
  const { machines, fallback } = parseNetrc(text);
  const all = [...machines, ...(fallback === null ? [] : ([['default', fallback]] as const))];
  return Object.fromEntries(all.map(([name, entry]) => [name, `${entry.login} ${entry.password}`]));
}

describe('parseNetrc', () => {
  it.each<[what: string, text: string, expected: Record<string, string>]>([
    ['an entry on one line', 'machine a.test login anna password geheim', { 'a.test': 'anna geheim' }],
    [
      'an entry on several lines',
      'machine a.test\r\n\tlogin anna\r\n\tpassword geheim\r\n',
      { 'a.test': 'anna geheim' },
    ],
    ['`user` and `account`', 'machine a.test user anna account x password geheim', { 'a.test': 'anna geheim' }],
    ['quotes', 'machine a.test login "an na" password "ge\\"he#im"', { 'a.test': 'an na ge"he#im' }],
    ['backslashes', 'machine a.test login anna password ge\\ heim', { 'a.test': 'anna ge heim' }],
    ['a password with a number sign', 'machine a.test login anna password #1', { 'a.test': 'anna #1' }],
    ['a password like a keyword', 'machine a.test login anna password machine', { 'a.test': 'anna machine' }],
    ['comments', '# machine b.test login x\nmachine a.test # mine\n login anna password p', { 'a.test': 'anna p' }],
    [
      'a default',
      'machine a.test login anna password p\ndefault login guest password g',
      {
        'a.test': 'anna p',
        default: 'guest g',
      },
    ],
    [
      'a macro',
      'macdef init\ncd /pub\nmachine evil.test login x\n\nmachine a.test login anna password p',
      {
        'a.test': 'anna p',
      },
    ],
    ['a macro at the end', 'machine a.test login anna password p\nmacdef init\nbye', { 'a.test': 'anna p' }],
    ['a login without a password', 'machine a.test login anna', { 'a.test': 'anna ' }],
    ['two entries of a machine, the last holds', 'machine a.test login x\nmachine A.test login y', { 'a.test': 'y ' }],
    ['an empty file', '', {}],
  ])('reads %s', (_, text, expected) => {
    expect(entries(text)).toEqual(expected);
  });

  it('tells the line of what it does not understand, without the words, and goes on behind it', () => {
    const netrc = parseNetrc(
      'machine a.test login anna password p\nsecret geheim\nmachine b.test login bob password q',
    );

    expect(netrc.machines.get('b.test')).toEqual({ login: 'bob', password: 'q' });
    expect(netrc.faults).toEqual([
      { line: 2, text: "netrc: 'machine', 'default' or 'macdef' is expected; the rest of the line is passed over" },
    ]);
  });
});

describe('readNetrc', () => {
  it('reads the file that NETRC names, else ~/.netrc', async () => {
    const home = await mkdtemp(path.join(os.tmpdir(), 'netrc-'));
    try {
      await writeFile(path.join(home, '.netrc'), 'machine home.test login a password b');
      await writeFile(path.join(home, 'other'), 'machine other.test login a password b');
      const notes: Note[] = [];
      const own = await readNetrc({ HOME: home }, (note) => notes.push(note));
      const named = await readNetrc({ HOME: home, NETRC: path.join(home, 'other') }, (note) => notes.push(note));

      expect([...own.machines.keys(), ...named.machines.keys()]).toEqual(['home.test', 'other.test']);
      expect(notes).toEqual([]);
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it('a missing file is noted only when it was named', async () => {
    const notes: string[] = [];
    const onNote = (note: Note): void => void notes.push(note.text);
    await readNetrc({ HOME: '/nowhere' }, onNote);
    await readNetrc({ NETRC: '/nowhere/netrc' }, onNote);

    expect(notes).toEqual(['/nowhere/netrc cannot be read; no credentials are taken from it']);
  });
});
