import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { decodeSimpleHtml, readPageLinks } from '../../src/index/simple-html.ts';

const source = { project: 'foo-bar', url: 'https://index.test/simple/foo-bar/' };
const digest = 'a'.repeat(64);

function fileOf(anchor: string) {
  return decodeSimpleHtml(`<!DOCTYPE html><html><body>${anchor}</body></html>`, source).files[0];
}

function errorOf(text: string): UserError {
  try {
    decodeSimpleHtml(text, source);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('decodeSimpleHtml', () => {
  it('reads what PEP 503 and its additions put on a link', () => {
    const page = decodeSimpleHtml(
      `<!DOCTYPE html>
       <html><head><meta name="pypi:repository-version" content="1.1">
         <meta name="pypi:project-status" content="archived"><meta name="pypi:project-status-reason" content="moved &amp; gone">
         <title>Links for foo-bar</title></head>
       <body><h1>Links for foo-bar</h1>
       <a href="../../files/Foo.Bar-1.0.tar.gz#sha256=${digest}" data-requires-python="&gt;=3.6, &lt;4"
          data-yanked="broken &lt;build&gt;" data-dist-info-metadata="sha256=${digest}" data-gpg-sig="true">Foo.Bar-1.0.tar.gz</a><br>
       <a href="foo_bar-1.0-py3-none-any.whl" data-core-metadata="true">foo_bar-1.0-py3-none-any.whl</a>
       </body></html>`,
      source,
    );

    expect(page).toEqual({
      files: [
        {
          kind: 'sdist',
          filename: 'Foo.Bar-1.0.tar.gz',
          version: '1.0',
          url: 'https://index.test/files/Foo.Bar-1.0.tar.gz',
          sha256: digest,
          requiresPython: '>=3.6, <4',
          size: null,
          uploadTime: null,
          yanked: 'broken <build>',
          coreMetadata: digest,
        },
        {
          kind: 'wheel',
          filename: 'foo_bar-1.0-py3-none-any.whl',
          version: '1.0',
          url: 'https://index.test/simple/foo-bar/foo_bar-1.0-py3-none-any.whl',
          sha256: null,
          requiresPython: null,
          size: null,
          uploadTime: null,
          yanked: null,
          coreMetadata: true,
        },
      ],
      ignored: [],
      status: 'archived',
      statusReason: 'moved & gone',
    });
  });

  it.each([
    [
      'unescaped signs',
      '<a href="foo-bar-1.0.zip" data-requires-python=">=3.6,<4">x</a>',
      { requiresPython: '>=3.6,<4' },
    ],
    ['single quotes', "<a href='foo-bar-1.0.zip' data-requires-python='>=3'>x</a>", { requiresPython: '>=3' }],
    ['upper case', '<A HREF="foo-bar-1.0.zip" DATA-YANKED="x">x</A>', { yanked: 'x' }],
    ['yanked without a reason', '<a href="foo-bar-1.0.zip" data-yanked>x</a>', { yanked: '' }],
    ['an md5 digest alone', `<a href="foo-bar-1.0.zip#md5=${'a'.repeat(32)}">x</a>`, { sha256: null }],
    [
      'a digest among other fragments',
      `<a href="foo-bar-1.0.zip#egg=x&amp;sha256=${digest}">x</a>`,
      { sha256: digest },
    ],
    ['metadata that is denied', '<a href="foo-bar-1.0.zip" data-core-metadata="false">x</a>', { coreMetadata: false }],
    ['an address with escapes', '<a href="foo%2Dbar-1.0.zip">x</a>', { filename: 'foo-bar-1.0.zip' }],
    [
      'a query behind the name',
      '<a href="foo-bar-1.0.zip?token=1">x</a>',
      { filename: 'foo-bar-1.0.zip', url: 'https://index.test/simple/foo-bar/foo-bar-1.0.zip?token=1' },
    ],
    [
      'an address that hides the name',
      '<a href="/download/17">  FOO_bar-1.0.zip\n</a>',
      { filename: 'FOO_bar-1.0.zip', url: 'https://index.test/download/17' },
    ],
    ['a name in further tags', '<a href="/download/17"><b>foo-bar</b>-1.0.zip</a>', { filename: 'foo-bar-1.0.zip' }],
    [
      'a text that a listing cut short',
      '<a href="foo-bar-1.0.tar.gz">foo-bar-1.0.ta..&gt;</a>',
      { filename: 'foo-bar-1.0.tar.gz' },
    ],
    ['blanks around the address', '<a href=" foo-bar-1.0.zip ">x</a>', { filename: 'foo-bar-1.0.zip' }],
    ['a link without an end', '<a href="foo-bar-1.0.zip">x', { filename: 'foo-bar-1.0.zip' }],
  ])('reads %s', (_, anchor, expected) => {
    expect(fileOf(anchor)).toMatchObject(expected);
  });

  it('resolves addresses against the base of the page', () => {
    const page = decodeSimpleHtml(
      '<html><head><base href="/mirror/"></head><a href="foo-bar-1.0.zip">x</a></html>',
      source,
    );

    expect(page.files.map((file) => file.url)).toEqual(['https://index.test/mirror/foo-bar-1.0.zip']);
  });

  it.each([
    [
      'nginx',
      `<html><head><title>Index of /foo-bar/</title></head><body><h1>Index of /foo-bar/</h1><hr><pre><a href="../">../</a>
<a href="foo_bar-1.0.tar.gz">foo_bar-1.0.tar.gz</a>                 18-Sep-2015 02:02      29155
</pre><hr></body></html>`,
    ],
    [
      'Apache',
      `<html><head><title>Index of /foo-bar</title></head><body><h1>Index of /foo-bar</h1><table>
<tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th></tr>
<tr><td><a href="/simple/">Parent Directory</a></td></tr><tr><td><a href="foo_bar-1.0.tar.gz">foo_bar-1.0.tar..&gt;</a></td></tr></table></body></html>`,
    ],
  ])('reads a folder listing of %s and counts only files', (_, text) => {
    const page = decodeSimpleHtml(text, source);

    expect(page.files.map((file) => file.filename)).toEqual(['foo_bar-1.0.tar.gz']);
    expect(page.ignored).toEqual([]);
  });

  it.each([
    '<!DOCTYPE html><html><head><title>Links for foo-bar</title></head><body><h1>Links for foo-bar</h1></body></html>',
    '<html><head><meta name="pypi:repository-version" content="1.0"></head><body>none</body></html>',
    '<html><head><title>Index of /foo-bar/</title></head><body><h1>Index of /foo-bar/</h1><a href="../">../</a></body></html>',
    '<!DOCTYPE html><html><body></body></html>',
    '<html><body><a href="foo_bar-1.0.egg">foo_bar-1.0.egg</a></body></html>',
  ])('takes %s for a project without usable files', (text) => {
    expect(decodeSimpleHtml(text, source).files).toEqual([]);
  });

  it.each([
    [
      '<html><head><title>Sign in\u001b[2J</title></head><body><form><input name="user"></form></body></html>',
      'an HTML page with the title "Sign in[2J"',
    ],
    ['<html><body><h1>502 Bad Gateway</h1></body></html>', 'an HTML page with the title "502 Bad Gateway"'],
    ['<p>Something went wrong <a href="/help.html">Help</a>', 'an HTML page without files'],
    ['Not here', 'an HTML page without files'],
  ])('refuses the page %s', (text, found) => {
    expect(errorOf(text)).toMatchObject({
      code: 'E_BAD_INDEX_PAGE',
      exit: 65,
      message: `The page of foo-bar at https://index.test/simple/foo-bar/ is no page of a package index: found ${found}`,
    });
  });

  it('refuses a later major version of the interface', () => {
    expect(errorOf('<meta name="pypi:repository-version" content="2.0">').code).toBe('E_INDEX_VERSION');
  });
});

describe('readPageLinks', () => {
  it('gives the links of a page of any projects with absolute addresses', () => {
    const links = readPageLinks(
      `<a href="foo-1.0.tar.gz#sha256=${digest}">foo</a><a href="bar-2.0.zip">bar</a><a href="https://[">x</a>`,
      'https://files.test/all/',
    );

    expect(links.map(({ filename, url, sha256 }) => ({ filename, url, sha256 }))).toEqual([
      { filename: 'foo-1.0.tar.gz', url: `https://files.test/all/foo-1.0.tar.gz#sha256=${digest}`, sha256: digest },
      { filename: 'bar-2.0.zip', url: 'https://files.test/all/bar-2.0.zip', sha256: null },
    ]);
  });
});
