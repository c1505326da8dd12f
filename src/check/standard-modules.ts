/** Modules of Python's standard library that are gone from it, by the release without them, and the project that has them now; null: none has. */
const GONE: Readonly<Record<string, { readonly since: string; readonly project: string | null }>> = {
  distutils: { since: '3.12', project: 'setuptools' },
  imp: { since: '3.12', project: null },
  asynchat: { since: '3.12', project: 'pyasynchat' },
  asyncore: { since: '3.12', project: 'pyasyncore' },
  smtpd: { since: '3.12', project: null },
  cgi: { since: '3.13', project: 'legacy-cgi' },
  cgitb: { since: '3.13', project: 'legacy-cgi' },
  aifc: { since: '3.13', project: 'standard-aifc' },
  audioop: { since: '3.13', project: 'audioop-lts' },
  chunk: { since: '3.13', project: 'standard-chunk' },
  crypt: { since: '3.13', project: null },
  imghdr: { since: '3.13', project: 'standard-imghdr' },
  mailcap: { since: '3.13', project: 'standard-mailcap' },
  nis: { since: '3.13', project: null },
  nntplib: { since: '3.13', project: 'standard-nntplib' },
  ossaudiodev: { since: '3.13', project: null },
  pipes: { since: '3.13', project: 'standard-pipes' },
  sndhdr: { since: '3.13', project: 'standard-sndhdr' },
  spwd: { since: '3.13', project: null },
  sunau: { since: '3.13', project: 'standard-sunau' },
  telnetlib: { since: '3.13', project: 'standard-telnetlib' },
  uu: { since: '3.13', project: 'standard-uu' },
  xdrlib: { since: '3.13', project: 'standard-xdrlib' },
};

/** What became of a module of the standard library; null: it is none, or still there. */
export function goneModule(module: string): { readonly since: string; readonly project: string | null } | null {
  const [top = module] = module.split('.');
  return Object.hasOwn(GONE, top) ? (GONE[top] ?? null) : null;
}
