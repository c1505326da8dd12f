import { describe, expect, it } from 'vitest';
import { type LicenceEvidence, licencesOf } from '../../src/classify/licence.ts';

const NOTHING: LicenceEvidence = { expressions: [], classifiers: [], files: [], texts: [], sentences: [] };
const BSD = 'License :: OSI Approved :: BSD License';
const GPL = 'License :: OSI Approved :: GNU General Public License (GPL)';

function idsFrom(evidence: Partial<LicenceEvidence>): string[] {
  return licencesOf({ ...NOTHING, ...evidence }).licences.map((licence) =>
    'spdx' in licence ? licence.spdx : `“${licence.text}”`,
  );
}

describe('the licence', () => {
  it.each<[string, Partial<LicenceEvidence>, string[]]>([
    ['an SPDX expression', { expressions: ['MIT'] }, ['MIT']],
    ['each licence of a choice', { expressions: ['Apache-2.0 OR BSD-3-Clause'] }, ['Apache-2.0', 'BSD-3-Clause']],
    ['the later versions of an expression with a plus', { expressions: ['GPL-2.0+'] }, ['GPL-2.0-or-later']],
    [
      'the classifier before the free text',
      { classifiers: ['License :: OSI Approved :: MIT License'], texts: ['BSD'] },
      ['MIT'],
    ],
    [
      'all classifiers',
      { classifiers: ['License :: OSI Approved :: MIT License', 'License :: OSI Approved :: Apache Software License'] },
      ['Apache-2.0', 'MIT'],
    ],
    [
      'the clauses of a BSD classifier by the licence file',
      { classifiers: [BSD], files: [{ path: 'LICENSE', spdx: 'BSD-2-Clause' }] },
      ['BSD-2-Clause'],
    ],
    [
      'the clauses of “BSD” by what the description says',
      { texts: ['BSD'], sentences: ['New BSD. See the licence file.'] },
      ['BSD-3-Clause'],
    ],
    [
      'the version of a GPL classifier by the text that is there',
      { classifiers: [GPL], files: [{ path: 'COPYING', spdx: 'GPL-3.0' }] },
      ['GPL-3.0-only'],
    ],
    [
      'later versions of the GPL when the notice allows them',
      {
        classifiers: [GPL],
        files: [{ path: 'COPYING', spdx: 'GPL-3.0' }],
        sentences: ['either version 3 of the License, or (at your option) any later version'],
      },
      ['GPL-3.0-or-later'],
    ],
    ['the licence file when nothing else is said', { files: [{ path: 'LICENSE', spdx: 'ISC' }] }, ['ISC']],
    ['free text as it is usually spelled', { texts: ['Apache License, Version 2.0'] }, ['Apache-2.0']],
    ['a text that no SPDX id is known for', { texts: ['Beerware, more or less'] }, ['“Beerware, more or less”']],
  ])('is %s', (_what, evidence, expected) => {
    expect(idsFrom(evidence)).toEqual(expected);
  });

  it('is a guess with a note when “BSD” has no clauses anywhere', () => {
    expect(licencesOf({ ...NOTHING, texts: ['BSD'] })).toEqual({
      licences: [{ spdx: 'BSD-3-Clause' }],
      notes: [{ kind: 'guess', text: 'the release says only “BSD” of its licence; BSD-3-Clause is a guess' }],
    });
  });

  it('is unknown with a note when nothing is stated', () => {
    expect(licencesOf(NOTHING)).toEqual({
      licences: [],
      notes: [{ kind: 'unknown', text: 'the release states no licence' }],
    });
  });
});
