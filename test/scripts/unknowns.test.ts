import { expect, it } from 'vitest';
import { untoldUnknowns } from '../../scripts/support/unknowns.ts';
import { sdistFacts, setupScript } from '../classify/support/facts.ts';

const FACTS = sdistFacts({
  setupScript: setupScript({
    libraries: { kind: 'unknown', place: { file: 'setup.py', line: 9 }, why: 'depends on run()' },
    url: { kind: 'unknown', place: { file: 'setup.py', line: 4 }, why: 'imports config' },
  }),
  unknowns: [{ what: 'tox deps', why: 'this is no requirement: -e', file: 'tox.ini', line: 2 }],
});

it('everything that could not be read is found, in the order of its places', () => {
  expect(untoldUnknowns(FACTS, [])).toEqual([
    { what: 'setupScript.url', why: 'imports config', file: 'setup.py', line: 4 },
    { what: 'setupScript.libraries', why: 'depends on run()', file: 'setup.py', line: 9 },
    { what: 'tox deps', why: 'this is no requirement: -e', file: 'tox.ini', line: 2 },
  ]);
});

it('what a note tells is left out', () => {
  const text = 'the libraries that the extensions link could not be read: depends on run()';
  const left = untoldUnknowns(FACTS, [{ kind: 'unknown', text, file: 'setup.py', line: 9 }]);
  expect(left.map(({ what }) => what)).toEqual(['setupScript.url', 'tox deps']);
});
