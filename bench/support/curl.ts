import type { SentRequest } from './program.ts';

/** Connections are curl's own business. */
const LEFT_OUT: ReadonlySet<string> = new Set(['connection', 'host']);

/** A configuration file with which curl sends the same requests, one section each, and throws the answers away. */
export function curlConfig(requests: readonly SentRequest[]): string {
  return requests.map(sectionOf).join('next\n');
}

function sectionOf({ url, headers }: SentRequest): string {
  const sent = headers.filter(([name]) => !LEFT_OUT.has(name.toLowerCase()));
  const lines = [
    `url = ${quoted(url)}`,
    'output = "/dev/null"',
    'silent',
    'show-error',
    ...sent.map(([name, value]) => `header = ${quoted(`${name}: ${value}`)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** In double quotes curl reads backslash escapes. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
