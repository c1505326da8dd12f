import { describe, expect, it } from 'vitest';
import { spdxOfText } from '../../src/classify/licence-names.ts';

describe('a GNU licence by its long name', () => {
  it.each([
    ['GNU General Public License, version 2 or later', 'GPL-2.0-or-later'],
    ['GNU General Public License (version 2 or later)', 'GPL-2.0-or-later'],
    ['GNU General Public License v3 (GPLv3)', 'GPL-3.0-only'],
    ['GNU Lesser General Public License, version 3 or (at your option) any later version', 'LGPL-3.0-or-later'],
    ['GNU Affero General Public License v3.0 or any later version', 'AGPL-3.0-or-later'],
  ])('%s is %s', (text, spdx) => {
    expect(spdxOfText(text)).toEqual([spdx]);
  });

  it('without a version names none', () => {
    expect(spdxOfText('GNU General Public License (GPL)')).toBeNull();
  });

  it('at the head of a whole text says nothing of later versions', () => {
    expect(
      spdxOfText(`GNU GENERAL PUBLIC LICENSE Version 3, 29 June 2007 ${'Everyone is permitted to copy. '.repeat(9)}`),
    ).toBeNull();
  });
});
