import { describe, expect, it } from 'vitest';
import { licenceNotices } from '../../src/metadata/licence-notices.ts';
import { licenceSentences } from '../../src/metadata/licence-sentences.ts';
import { isLicenceFile, licenceOfText } from '../../src/metadata/licence-text.ts';

const MIT = `Permission is hereby granted, free of charge, to any person
obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software.
The above copyright notice and this permission notice shall be
included in all copies or substantial portions of the Software.`;
const BSD_2 = `Copyright (c) 2015, Somebody
Redistribution and use in source and binary forms are permitted:
 * Redistributions of source code must retain the above copyright notice.
 * Redistributions in binary form must reproduce the above copyright notice.`;
const BSD_3 = `${BSD_2}
  c. Neither the name of the project nor the names of its contributors may be used to endorse or promote products
     derived from this software without specific prior written permission.`;

describe('licence texts', () => {
  it.each([
    ['MIT', MIT],
    ['BSD-2-Clause', BSD_2],
    ['BSD-3-Clause', BSD_3],
    ['BSD-4-Clause', `${BSD_3}\n All advertising materials mentioning features or use of this software must display.`],
    ['GPL-3.0', '   GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007\n'],
    ['GPL-2.0', '   GNU GENERAL PUBLIC LICENSE\n   Version 2, June 1991\n'],
    [
      'LGPL-3.0',
      'GNU LESSER GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007\n This version incorporates the GNU General Public License',
    ],
    ['LGPL-2.1', 'GNU LESSER GENERAL PUBLIC LICENSE\n Version 2.1, February 1999'],
    ['AGPL-3.0', 'GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3, 19 November 2007'],
    [
      'Apache-2.0',
      'Apache License\n Version 2.0, January 2004\n http://x\n TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION',
    ],
    ['MPL-2.0', 'Mozilla Public License Version 2.0\n====\n1. Definitions'],
    ['Unlicense', 'This is free and unencumbered software released into the public domain.'],
    ['ZPL-2.1', 'Zope Public License (ZPL) Version 2.1'],
  ])('%s is told by its phrases', (spdx, text) => {
    expect(licenceOfText(text)).toEqual({ spdx });
  });

  it('are told however their lines are broken and quoted', () => {
    expect(licenceOfText(MIT.replaceAll(' ', '\r\n  ').toUpperCase())).toEqual({ spdx: 'MIT' });
  });

  it('are the first where a file has several', () => {
    expect(licenceOfText(`${BSD_3}\n\n${MIT}`)).toEqual({ spdx: 'BSD-3-Clause' });
    expect(licenceOfText(`${MIT}\n\n${BSD_3}`)).toEqual({ spdx: 'MIT' });
  });

  it('are none of the known ones where the file begins with other terms', () => {
    const own = 'You may copy it on Sundays. It is provided by the\n authors "AS IS", without a warranty.';
    expect(licenceOfText(`${own}\n\nParts are under the\nZope Public License (ZPL) Version 2.1`)).toEqual({
      spdx: null,
      later: 'ZPL-2.1',
    });
  });

  it('do not take a clause from the next text of a file', () => {
    expect(licenceOfText(`${BSD_2}\n\nParts of it:\n${BSD_3}`)).toEqual({ spdx: 'BSD-2-Clause' });
  });

  it('are those of the GNU notice where the file has the notice alone', () => {
    const notice = `It is distributed under the terms of the GNU Lesser General Public License as published by the
Free Software Foundation, either version 3 of the License, or (at your option) any later version.`;
    expect(licenceOfText(notice)).toEqual({ spdx: 'LGPL-3.0-or-later' });
    expect(licenceOfText(`GNU LESSER GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007\n\n${notice}`)).toEqual({
      spdx: 'LGPL-3.0',
    });
  });

  it('are null where nothing is known', () => {
    expect(licenceOfText('You may do as you like.')).toEqual({ spdx: null });
  });

  it.each([
    ['LICENSE', true],
    ['LICENCE.rst', true],
    ['COPYING.txt', true],
    ['license/MIT.txt', true],
    ['LICENSES/BSD-3-Clause.txt', true],
    ['pkg/LICENSE', true],
    ['pkg/deep/LICENSE', false],
    ['license.py', false],
    ['README', false],
  ])('lie in %s: %s', (path, expected) => {
    expect(isLicenceFile(path)).toBe(expected);
  });
});

describe('sentences of the long description that speak of the licence', () => {
  it('are those with the word, and those below a heading', () => {
    const text = `Toolz\n=====\n\nSome text. More text.\n\nLICENSE\n-------\n\nNew BSD. See the file.\n\nInstall\n-------\n\nThis is released under the MIT license, as always. Done.\n`;
    expect(licenceSentences(text)).toEqual([
      'New BSD.',
      'See the file.',
      'This is released under the MIT license, as always.',
    ]);
  });

  it('are not badges', () => {
    const text =
      '[![License](https://img.test/license.svg)](https://x.test)\n\n.. image:: https://img.test/license.svg\n   :alt: License\n\n|License| |Build|\n';
    expect(licenceSentences(text).filter((sentence) => /\w/u.test(sentence))).toEqual([]);
  });

  it('are none without a description', () => {
    expect(licenceSentences(null)).toEqual([]);
  });
});

describe('the notices of modules', () => {
  const LATER =
    '# This library is free software; you can redistribute it under the terms of the\n# GNU Lesser General Public License; either version 2.1, or (at your option)\n# any later version.\n';
  const ALONE = '# You may redistribute it under the terms of the GNU General Public License, version 2.\n';
  const of = (files: Readonly<Record<string, string>>): boolean =>
    licenceNotices(['pot'], { paths: Object.keys(files), text: (path) => files[path] ?? null }).length > 0;

  it.each([
    ['one that allows later versions', { 'pot/__init__.py': LATER }, true],
    ['one below src', { 'src/pot/lid.py': LATER, 'src/pot/__init__.py': '' }, true],
    ['a module beside setup.py', { 'pot.py': `"""\n${LATER}"""\n` }, true],
    ['none where another module allows one version alone', { 'pot/a.py': LATER, 'pot/b.py': ALONE }, false],
    ['none of one version', { 'pot/a.py': ALONE }, false],
    ['none of copies of other projects', { 'pot/_vendor/six.py': LATER, 'pot/a.py': '' }, false],
    ['none of what is not installed', { 'tools/release.py': LATER, 'pot/a.py': '' }, false],
    [
      'one with a number before',
      { 'pot/a.py': '# Licensed under the terms of the GNU General Public License v3.0 or later.' },
      true,
    ],
    [
      'none where an interpreter may be later',
      { 'pot/a.py': '# Released under the GNU General Public License, version 2. Wants Python 2.7 or later.' },
      false,
    ],
    [
      'none that only mentions it',
      { 'pot/a.py': '# Unlike the GNU General Public License in any later version, MIT.' },
      false,
    ],
  ])('tell %s', (_what, files, expected) => {
    expect(of(files)).toBe(expected);
  });
});
