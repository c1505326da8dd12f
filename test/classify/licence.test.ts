import { describe, expect, it } from 'vitest';
import { licencesOf } from '../../src/classify/licence.ts';
import { type LicenceEvidence, licenceEvidence } from '../../src/classify/licence-evidence.ts';
import { parseCoreMetadata } from '../../src/pep/core-metadata.ts';
import { sdistFacts } from './support/facts.ts';

const NOTHING: LicenceEvidence = { expressions: [], classifiers: [], files: [], mixed: [], texts: [], sentences: [] };
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
    [
      'the public domain, by a classifier',
      { classifiers: ['License :: Public Domain'], texts: ['Do what you like'] },
      ['LicenseRef-Public-Domain'],
    ],
    ['the public domain, by free text', { texts: ['Public Domain'] }, ['LicenseRef-Public-Domain']],
    [
      'the text by which a work is given to the public domain',
      { classifiers: ['License :: Public Domain'], files: [{ path: 'LICENSE', spdx: 'Unlicense' }] },
      ['Unlicense'],
    ],
    [
      'the public domain beside a licence',
      { classifiers: ['License :: Public Domain', 'License :: OSI Approved :: MIT License'] },
      ['LicenseRef-Public-Domain', 'MIT'],
    ],
    ['free text as it is usually spelled', { texts: ['Apache License, Version 2.0'] }, ['Apache-2.0']],
    ['each licence that free text lists', { texts: ['Apache-2.0 or GPLv3+'] }, ['Apache-2.0', 'GPL-3.0-or-later']],
    [
      'a list with a family, which the licence file settles',
      { texts: ['MIT, BSD'], files: [{ path: 'pkg/LICENSE', spdx: null }], sentences: ['2-clause BSD'] },
      ['MIT', 'BSD-2-Clause'],
    ],
    ['no list where one of the names is not known', { texts: ['MIT and a beer'] }, ['“MIT and a beer”']],
    ['one licence with a slash in its name', { texts: ['MIT/X11'] }, ['MIT']],
    ['a list with a name that has a slash', { texts: ['MIT/X11 or Apache-2.0'] }, ['MIT', 'Apache-2.0']],
    ['a list with a name that has a comma', { texts: ['MIT or Apache License, Version 2.0'] }, ['MIT', 'Apache-2.0']],
    ['a list with a comma before its last word', { texts: ['MIT, ISC, and Apache-2.0'] }, ['MIT', 'ISC', 'Apache-2.0']],
    ['an old id of the GPL as that version alone', { expressions: ['GPL-3.0'] }, ['GPL-3.0-only']],
    [
      'an old id of the GPL with later versions where the notice allows them',
      { expressions: ['GPL-3.0'], sentences: ['either version 3 of the License, or any later version'] },
      ['GPL-3.0-or-later'],
    ],
    ['a text that no SPDX id is known for', { texts: ['Beerware, more or less'] }, ['“Beerware, more or less”']],
  ])('is %s', (_what, evidence, expected) => {
    expect(idsFrom(evidence)).toEqual(expected);
  });

  it.each<[string, Partial<LicenceEvidence>, string[]]>([
    [
      'that of an expression in the License field, whatever texts are bundled',
      { texts: ['BSD-3-Clause'], files: [{ path: 'LICENSE', spdx: 'X11' }] },
      ['BSD-3-Clause'],
    ],
    [
      'LGPL 2.1 where the classifier says 2 and the text 2.1',
      {
        classifiers: ['License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)'],
        files: [{ path: 'LICENSE', spdx: 'LGPL-2.1' }],
      },
      ['LGPL-2.1-or-later'],
    ],
  ])('is %s', (_what, evidence, expected) => {
    expect(idsFrom(evidence)).toEqual(expected);
  });

  it('is that of a classifier which stands in the License field', () => {
    const license = 'License :: OSI Approved :: MIT License';
    const { classifiers, texts } = licenceEvidence(
      sdistFacts({
        coreMetadata: { ...parseCoreMetadata('Metadata-Version: 1.1\nName: demo\nVersion: 1\n'), license },
      }),
    );
    expect({ classifiers, texts }).toEqual({ classifiers: [license], texts: [] });
  });

  it.each([
    [
      'those at the root before those of bundled code',
      ['LICENSE', 'LICENSES/Apache.txt'],
      ['MIT', 'Apache-2.0'],
      ['MIT'],
    ],
    ['not a list of what is bundled', ['LICENSE.txt', 'LICENSES_bundled.txt'], ['MIT', 'X11'], ['MIT']],
    ['several at the root', ['LICENSE-MIT', 'LICENSE-APACHE'], ['MIT', 'Apache-2.0'], ['Apache-2.0', 'MIT']],
    ['that of the package where there is no other', ['pkg/LICENSE'], ['ISC'], ['ISC']],
    ['not that of a package beside one that is not known', ['LICENSE', 'pkg/LICENSE'], [null, 'ISC'], []],
    [
      'the LGPL, which comes with the text of the GPL',
      ['COPYING', 'COPYING.LESSER'],
      ['GPL-3.0', 'LGPL-3.0'],
      ['LGPL-3.0'],
    ],
  ])('is read from the licence files: %s', (_what, paths, ids, expected) => {
    const licenceFiles = paths.map((path, index) => ({ path, spdx: ids[index] ?? null }));
    const { files } = licenceEvidence(sdistFacts({ licenceFiles }));
    expect(files.flatMap(({ spdx }) => spdx ?? []).sort()).toEqual(expected);
  });

  it('is a guess with a note when the text of the GPL is all there is', () => {
    expect(licencesOf({ ...NOTHING, files: [{ path: 'COPYING', spdx: 'GPL-3.0' }] })).toEqual({
      licences: [{ spdx: 'GPL-3.0-only' }],
      notes: [
        {
          kind: 'guess',
          text: 'nothing says whether later versions of the GPL-3.0 may be used; GPL-3.0-only is a guess',
        },
      ],
    });
  });

  it('has a note for a classifier that has no SPDX id', () => {
    const classifiers = ['License :: OSI Approved :: MIT License', 'License :: Freeware'];
    expect(licencesOf({ ...NOTHING, classifiers }).notes).toEqual([
      { kind: 'unknown', text: 'the classifier “License :: Freeware” names no licence that has an SPDX id' },
    ]);
  });

  it('is a guess with a note when “BSD” has no clauses anywhere', () => {
    expect(licencesOf({ ...NOTHING, texts: ['BSD'] })).toEqual({
      licences: [{ spdx: 'BSD-3-Clause' }],
      notes: [{ kind: 'guess', text: 'the release says only “BSD” of its licence; BSD-3-Clause is a guess' }],
    });
  });

  it('is taken from other evidence, with one note, when the expression is not valid', () => {
    expect(licencesOf({ ...NOTHING, expressions: ['MIT-ish'], classifiers: [BSD] })).toEqual({
      licences: [{ spdx: 'BSD-3-Clause' }],
      notes: [
        {
          kind: 'guess',
          text: 'the licence expression “MIT-ish” is not valid SPDX; BSD-3-Clause is taken by what else the release says',
        },
      ],
    });
  });

  it('is the text of an expression that is not valid when nothing else is said, with one note', () => {
    expect(licencesOf({ ...NOTHING, expressions: ['Beerware, more or less'] })).toEqual({
      licences: [{ text: 'Beerware, more or less' }],
      notes: [{ kind: 'unknown', text: 'the licence expression “Beerware, more or less” is not valid SPDX' }],
    });
  });

  it('is unknown with a note when nothing is stated', () => {
    expect(licencesOf(NOTHING)).toEqual({
      licences: [],
      notes: [{ kind: 'unknown', text: 'the release states no licence' }],
    });
  });

  const LGPL2 = 'License :: OSI Approved :: GNU Lesser General Public License v2 (LGPLv2)';
  const GPL2_LATER = 'License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)';

  it('is that of the text that is shipped where the statement names another version, and says that it is a guess', () => {
    expect(licencesOf({ ...NOTHING, classifiers: [LGPL2], files: [{ path: 'LICENSE', spdx: 'LGPL-3.0' }] })).toEqual({
      licences: [{ spdx: 'LGPL-3.0-only' }],
      notes: [
        {
          kind: 'guess',
          text: 'the release states LGPL-2.0-only, but LICENSE has the text of LGPL-3.0; LGPL-3.0-only is a guess',
          file: 'LICENSE',
        },
      ],
    });
  });

  it.each([
    [
      'a later version that the statement allows',
      { classifiers: [GPL2_LATER], files: [{ path: 'COPYING', spdx: 'GPL-3.0' }] },
      ['GPL-2.0-or-later'],
    ],
    [
      'the text of the same version',
      { texts: ['BSD-3-Clause'], files: [{ path: 'LICENSE', spdx: 'BSD-3-Clause' }] },
      ['BSD-3-Clause'],
    ],
    ['the text of another licence', { texts: ['MIT'], files: [{ path: 'LICENSE', spdx: 'BSD-3-Clause' }] }, ['MIT']],
  ])('stays what is stated beside %s', (_, evidence, ids) => {
    expect(idsFrom(evidence)).toEqual(ids);
    expect(licencesOf({ ...NOTHING, ...evidence }).notes).toEqual([]);
  });

  it('is no known one where its file begins with other terms', () => {
    const mixed = [{ path: 'LICENSE.txt', later: 'ZPL-2.1' }];
    expect(licencesOf({ ...NOTHING, texts: ['BSD-like (their own)'], mixed })).toEqual({
      licences: [{ text: 'BSD-like (their own)' }],
      notes: [
        {
          kind: 'unknown',
          text: 'the licence “BSD-like (their own)” is not known by an SPDX id; LICENSE.txt begins with other terms than those of ZPL-2.1',
        },
      ],
    });
    expect(licencesOf({ ...NOTHING, mixed }).notes).toEqual([
      {
        kind: 'guess',
        text: 'LICENSE.txt begins with terms that are not known; ZPL-2.1, which stands behind them, is a guess',
        file: 'LICENSE.txt',
      },
    ]);
  });

  it('of a short name without a word about later versions is a guess, or what the notice says', () => {
    expect(licencesOf({ ...NOTHING, texts: ['GPLv3'] })).toMatchObject({
      licences: [{ spdx: 'GPL-3.0-only' }],
      notes: [{ kind: 'guess' }],
    });
    expect(idsFrom({ texts: ['GPLv3'], sentences: ['under version 3 or any later version'] })).toEqual([
      'GPL-3.0-or-later',
    ]);
  });
});
