import { badPage, type PageSource } from './page-source.ts';
import { decodeSimpleHtml } from './simple-html.ts';
import { type DecodedPage, decodeSimpleJson } from './simple-json.ts';

/**
 * Decodes a project's page of either form. Servers send JSON as `text/html` and pages without a type, so how the text begins counts first
 * and the media type after it. Throws as the two decoders do.
 */
export function decodePage(
  answer: { readonly text: string; readonly mediaType: string },
  source: PageSource,
): DecodedPage {
  const text = answer.text.replace(/^\ufeff/, '');
  const start = text.trimStart().slice(0, 1);
  if (start === '{') return decodeSimpleJson(text, source);
  if (start === '<') return decodeSimpleHtml(text, source);
  if (answer.mediaType.endsWith('json')) return decodeSimpleJson(text, source);
  if (answer.mediaType.endsWith('html')) return decodeSimpleHtml(text, source);
  throw badPage(source, answer.mediaType === '' ? 'a text of no type' : `a text of the type ${answer.mediaType}`);
}
