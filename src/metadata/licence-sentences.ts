import { oneLine } from '../base/text.ts';

const MOST = 10;
const LONGEST = 400;

/** The sentences of a long description that speak of the licence, each on one line; at most ten, each at most 400 characters. */
export function licenceSentences(description: string | null): string[] {
  if (description === null) return [];
  const found: string[] = [];
  const paragraphs = withoutDecoration(description.slice(0, 1 << 20)).split(/\n(?:[ \t]*\n)+/u);
  for (const [index, paragraph] of paragraphs.entries()) {
    if (isHeading(paragraph)) continue;
    // A heading "License" speaks for the paragraph below it.
    const headed = isHeading(paragraphs[index - 1] ?? '');
    for (const sentence of oneLine(paragraph).split(/(?<=[.!?])\s+/u)) {
      const speaks = /\b(?:licen[cs]e[ds]?|licen[cs]ing|copyright|public domain)\b/iu.test(sentence);
      if ((speaks || headed) && sentence !== '' && !found.includes(sentence)) found.push(sentence.slice(0, LONGEST));
      if (found.length >= MOST) return found;
    }
  }
  return found;
}

function isHeading(paragraph: string): boolean {
  const text = oneLine(paragraph);
  return text.length < 40 && /licen[cs]/iu.test(text) && !/[.!?:]$/u.test(text) && text.split(' ').length < 4;
}

/** Badges, images, tags and the lines under headings say nothing. */
function withoutDecoration(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(?:\.\. (?:image|\||_)|:(?:target|alt|width|height):|[-=~^#*]{3,}\s*$)/u.test(line))
    .map((line) =>
      line
        .replace(/!\[[^\][]{0,200}\]\([^()]{0,400}\)/gu, '')
        .replace(
          /<\/?(?:a|b|br|center|details|div|em|h\d|i|img|p|span|strong|summary|table|td|tr)\b[^<>]{0,400}>/giu,
          '',
        )
        .replace(/\[\]\([^()]{0,400}\)/gu, '')
        .replace(/(?:^|\s)\|[^|\n]{1,60}\|/gu, ' ')
        .replace(/^\s*#+\s*/u, ''),
    )
    .join('\n');
}
