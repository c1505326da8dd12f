/** Phrases that only the text of one licence has, in the form that normalised() gives. All of `has` and none of `lacks` must be there. */
interface LicencePhrases {
  readonly spdx: string;
  readonly has: readonly string[];
  readonly lacks?: readonly string[];
}

/** What the text of a licence file is. */
export interface LicenceMatch {
  /** The SPDX id of the licence that the text begins with; null where it is none of those known here. */
  readonly spdx: string | null;
  /** The SPDX id of a licence that is known, behind terms that are not. */
  readonly later?: string;
}

/**
 * The licence whose text this is. For the GPL family it is the version's base id (`GPL-3.0`): whether a project also takes later versions stands in its
 * notices, not in the licence text. A file with several licences gives that of its beginning.
 */
export function licenceOfText(text: string): LicenceMatch {
  const plain = normalised(text);
  let best: { spdx: string; at: number } | null = null;
  for (const licence of LICENCES) {
    const at = placeOf(licence, plain);
    if (at !== null && (best === null || at < best.at)) best = { spdx: licence.spdx, at };
  }
  const notice = GNU_NOTICE.exec(plain);
  if (notice !== null && (best === null || notice.index < best.at))
    best = { spdx: idOfNotice(notice), at: notice.index };
  if (best === null) return { spdx: null };
  return hasTerms(plain.slice(0, best.at)) ? { spdx: null, later: best.spdx } : { spdx: best.spdx };
}

/** Where the first text of the licence begins that has all its phrases before the next text with the same beginning; null without one. */
function placeOf({ has, lacks }: LicencePhrases, plain: string): number | null {
  const [first = ''] = has;
  for (let at = plain.indexOf(first); at >= 0; ) {
    const next = plain.indexOf(first, at + first.length);
    const own = plain.slice(at, next < 0 ? undefined : next);
    if (has.every((phrase) => own.includes(phrase)) && lacks?.some((phrase) => own.includes(phrase)) !== true)
      return at;
    at = next;
  }
  return null;
}

/** Whether whole terms stand in a text: they end by disclaiming warranties. */
function hasTerms(plain: string): boolean {
  return /\bprovided (?:by [a-z ]{1,120})?as is\b/u.test(plain);
}

/** The notice that the GNU licences want at the head of files. Their own texts have it too, as an example near the end. */
const GNU_NOTICE =
  /gnu (lesser |library |affero )?general public license(?: [al]?gpl)? as published by the free software foundation either version (\d)(\.\d)? of the license or at your option any later version/u;

function idOfNotice([, kind = '', major = '', minor = '.0']: RegExpExecArray): string {
  const letter = kind.startsWith('a') ? 'A' : kind === '' ? '' : 'L';
  return `${letter}GPL-${major}${minor}-or-later`;
}

/** Whether a path is that of a licence file: at the root, in a folder for licences, or in the folder of a package. */
export function isLicenceFile(path: string): boolean {
  return (
    /^(?:licen[cs]es?\/[^/]+|(?:licen[cs]e|copying|unlicen[cs]e)[^/]*|[^/]+[._-]licen[cs]e(?:\.\w+)?|(?:src\/|lib\/)?\w+\/(?:licen[cs]e|copying)(?:\.(?:txt|md|rst))?)$/iu.test(
      path,
    ) && !/\.(?:py|pyc|html|png)$/iu.test(path)
  );
}

/** Lower case, one blank between words, no punctuation that editors change. */
function normalised(text: string): string {
  return text
    .toLowerCase()
    .replace(/licence/gu, 'license')
    .replace(/["'“”‘’`*#>|()[\],;:_-]+/gu, ' ')
    .replace(/\s+/gu, ' ');
}

const BSD = 'redistributions of source code must retain';
const BSD_BINARY = 'redistributions in binary form must reproduce';
const BSD_NAMES = [
  'endorse or promote products derived from this software without specific prior written permission',
  'endorse or promote products derived from this software without specific',
] as const;
const BSD_ADVERTISING = 'all advertising materials mentioning features';

const LICENCES: readonly LicencePhrases[] = [
  {
    spdx: 'MIT',
    has: [
      'permission is hereby granted free of charge to any person obtaining a copy of this software',
      'the above copyright notice and this permission notice shall be included in all copies',
    ],
    lacks: ['except as contained in this notice the name'],
  },
  {
    spdx: 'X11',
    has: [
      'permission is hereby granted free of charge to any person obtaining a copy of this software',
      'the above copyright notice and this permission notice shall be included in all copies',
      'except as contained in this notice the name',
    ],
  },
  { spdx: 'BSD-4-Clause', has: [BSD, BSD_BINARY, BSD_ADVERTISING, BSD_NAMES[1]] },
  { spdx: 'BSD-3-Clause', has: [BSD, BSD_BINARY, BSD_NAMES[1]], lacks: [BSD_ADVERTISING] },
  { spdx: 'BSD-2-Clause', has: [BSD, BSD_BINARY], lacks: ['endorse or promote', BSD_ADVERTISING] },
  {
    spdx: 'Apache-2.0',
    has: ['apache license version 2.0 january 2004', 'terms and conditions for use reproduction and distribution'],
  },
  {
    spdx: 'Apache-2.0',
    has: ['licensed under the apache license version 2.0 the license you may not use this file except in compliance'],
  },
  {
    spdx: 'ISC',
    has: [
      'permission to use copy modify and/or distribute this software for any purpose with or without fee is hereby granted provided that the above copyright notice',
    ],
  },
  {
    spdx: 'ISC',
    has: [
      'permission to use copy modify and distribute this software for any purpose with or without fee is hereby granted provided that the above copyright notice and this permission notice appear in all copies',
    ],
    lacks: ['except as contained in this notice the name'],
  },
  {
    spdx: 'curl',
    has: [
      'permission to use copy modify and distribute this software for any purpose with or without fee is hereby granted provided that the above copyright notice and this permission notice appear in all copies',
      'except as contained in this notice the name',
    ],
  },
  {
    spdx: '0BSD',
    has: [
      'permission to use copy modify and/or distribute this software for any purpose with or without fee is hereby granted. the software is provided',
    ],
  },
  { spdx: 'MPL-2.0', has: ['mozilla public license version 2.0', '1. definitions'] },
  { spdx: 'MPL-2.0', has: ['subject to the terms of the mozilla public license v. 2.0'] },
  { spdx: 'AGPL-3.0', has: ['gnu affero general public license version 3 19 november 2007'] },
  { spdx: 'LGPL-3.0', has: ['gnu lesser general public license version 3 29 june 2007'] },
  { spdx: 'LGPL-2.1', has: ['gnu lesser general public license version 2.1 february 1999'] },
  { spdx: 'GPL-3.0', has: ['gnu general public license version 3 29 june 2007'] },
  { spdx: 'GPL-2.0', has: ['gnu general public license version 2 june 1991'] },
  { spdx: 'PSF-2.0', has: ['python software foundation license version 2'] },
  { spdx: 'Unlicense', has: ['this is free and unencumbered software released into the public domain'] },
  {
    spdx: 'Zlib',
    has: [
      'this software is provided as is without any express or implied warranty. in no event will the authors be held liable',
      'altered source versions must be plainly marked as such',
    ],
  },
  { spdx: 'ZPL-2.1', has: ['zope public license zpl version 2.1'] },
  { spdx: 'CC0-1.0', has: ['cc0 1.0 universal'] },
  { spdx: 'BSL-1.0', has: ['boost software license version 1.0'] },
];
