import { EXIT, UserError } from '../base/user-error.ts';
import { redactUrl } from './redact.ts';

/** Empty texts mean: no proxy. */
export interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/**
 * The proxies that the environment names, null without any. As in curl and pip the name in lower case comes first, a proxy without a
 * scheme is http, and ALL_PROXY stands in for both. Throws UserError `E_BAD_PROXY` (78) for an address that is none.
 */
export function proxySettings(environment: Readonly<Record<string, string | undefined>>): ProxySettings | null {
  const all = proxyOf(environment, 'ALL_PROXY');
  const settings = {
    httpProxy: proxyOf(environment, 'HTTP_PROXY') || all,
    httpsProxy: proxyOf(environment, 'HTTPS_PROXY') || all,
    noProxy: settingOf(environment, 'NO_PROXY'),
  };
  return settings.httpProxy === '' && settings.httpsProxy === '' ? null : settings;
}

function proxyOf(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = settingOf(environment, name);
  if (value === '') return '';
  const url = value.includes('://') ? value : `http://${value}`;
  const scheme = URL.canParse(url) ? new URL(url).protocol : '';
  if (/^(?:https?|socks5?):$/.test(scheme)) return url;
  throw new UserError(
    'E_BAD_PROXY',
    `${name} names ${redactUrl(url)}, which is not the address of an http, https or socks5 proxy`,
    {
      hint: `correct ${name}, or unset it`,
      exit: EXIT.config,
    },
  );
}

function settingOf(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  return (environment[name.toLowerCase()] ?? environment[name] ?? '').trim();
}
