import { badPage, type PageSource } from './page-source.ts';
import { type DecodedPage, decodeSimpleJson } from './simple-json.ts';

/**
 * Decodes a project's page of either form. Servers send JSON as `text/html` and pages without a type, so how the text begins counts first
 * and the media type after it. Rejects as the two decoders throw; that for HTML is loaded when it is needed, which on PyPI it is not.
 */
export async function decodePage(
  answer: { readonly text: string; readonly mediaType: string },
  source: PageSource,
): Promise<DecodedPage> {
  const text = answer.text.replace(/^\ufeff/, '');
  const start = text.trimStart().slice(0, 1);
  if (start === '{') return decodeSimpleJson(text, source);
  if (start === '<') return await decodeHtml(text, source);
  if (answer.mediaType.endsWith('json')) return decodeSimpleJson(text, source);
  if (answer.mediaType.endsWith('html')) return await decodeHtml(text, source);
  throw badPage(source, answer.mediaType === '' ? 'a text of no type' : `a text of the type ${answer.mediaType}`);
}

async function decodeHtml(text: string, source: PageSource): Promise<DecodedPage> {
  const { decodeSimpleHtml } = await import('./simple-html.ts');
  return decodeSimpleHtml(text, source);
}
