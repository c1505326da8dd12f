import { describe, expect, it } from 'vitest';
import { descriptionOf, parseCoreMetadata } from '../../src/pep/core-metadata.ts';

const MODERN = `Metadata-Version: 2.5
Name: Example_Project
Version: 1.0
Summary: An example
Dynamic: Requires-Dist
Dynamic: license-file
License-Expression: MIT
License-File: LICENSE
License-File: vendored/LICENSE
Project-URL: Homepage, https://h.test/a,b
Project-URL: Issues,https://h.test/issues
Classifier: Topic :: Utilities
Requires-Python: >=3.9
Requires-Dist: toolz>=1
Requires-Dist: pytest; extra == "Dev_Tools"
Provides-Extra: Dev_Tools
Import-Name: example
Import-Name: _example ; private
Import-Namespace: shared.names
Description-Content-Type: text/markdown

# Example

Name: not a header
`;

describe('core metadata', () => {
  it('takes every field of a current file', () => {
    expect(parseCoreMetadata(MODERN)).toEqual({
      metadataVersion: '2.5',
      name: 'Example_Project',
      version: '1.0',
      summary: 'An example',
      homePage: null,
      license: null,
      licenseExpression: 'MIT',
      licenseFiles: ['LICENSE', 'vendored/LICENSE'],
      classifiers: ['Topic :: Utilities'],
      requiresPython: '>=3.9',
      requiresDist: ['toolz>=1', 'pytest; extra == "Dev_Tools"'],
      providesExtra: ['dev-tools'],
      dynamic: ['requires-dist', 'license-file'],
      projectUrls: [
        { label: 'Homepage', url: 'https://h.test/a,b' },
        { label: 'Issues', url: 'https://h.test/issues' },
      ],
      keywords: null,
      importNames: ['example', '_example'],
      importNamespaces: ['shared.names'],
    });
  });

  it('reads old files: fields in any case, CRLF, a byte order mark, UNKNOWN for what is not there', () => {
    const text =
      '\ufeffMETADATA-VERSION: 1.0\r\nname: old\r\nVERSION: 0.1\r\nHome-page: UNKNOWN\r\nSummary: \r\nLicense: BSD\r\n';
    expect(parseCoreMetadata(text)).toMatchObject({
      name: 'old',
      version: '0.1',
      homePage: null,
      summary: null,
      license: 'BSD',
    });
  });

  it('joins folded one-line fields', () => {
    const text = 'Metadata-Version: 1.2\nName: a\nVersion: 1\nSummary: one\n  two\nRequires-Dist: b\n\t(>=1)\n';
    expect(parseCoreMetadata(text)).toMatchObject({ summary: 'one two', requiresDist: ['b (>=1)'] });
  });

  it('keeps the lines of a licence text', () => {
    const text =
      'Metadata-Version: 1.1\nName: a\nVersion: 1\nLicense: First line\n        second\n        \n          indented\nPlatform: any\n';
    expect(parseCoreMetadata(text).license).toBe('First line\nsecond\n\n  indented');
  });

  it.each(['Metadata-Version', 'Name', 'Version'])('is refused without %s', (field) => {
    const text = MODERN.replace(new RegExp(`^${field}:`, 'm'), `X-${field}:`);
    expect(() => parseCoreMetadata(text)).toThrow(
      expect.objectContaining({ code: 'E_BAD_METADATA', exit: 65, message: `the metadata has no field ${field}` }),
    );
  });

  it.each([
    ['does not say which names are importable', '', null],
    ['says that none are', 'Import-Name:\n', []],
    ['names a private one', 'Import-Name: a.b;private\n', ['a.b']],
  ])('%s', (_what, line, importNames) => {
    expect(parseCoreMetadata(`Metadata-Version: 2.5\nName: a\nVersion: 1\n${line}`).importNames).toEqual(importNames);
  });

  it('takes later minor versions of the format, and refuses another major one', () => {
    expect(parseCoreMetadata('Metadata-Version: 2.99\nName: a\nVersion: 1\nNew: x\n').name).toBe('a');
    expect(() => parseCoreMetadata('Metadata-Version: 3.0\nName: a\nVersion: 1\n')).toThrow(
      expect.objectContaining({
        code: 'E_BAD_METADATA',
        message: 'the metadata is of version 3.0, which is not known',
        hint: 'versions 1.0 to 2.x of core metadata can be read',
      }),
    );
  });

  it('passes over lines that begin a mail or have no name of a field', () => {
    const text = 'From nobody\nMetadata-Version: 1.0\n: odd\nName: a\nFrom somebody\nVersion: 1\n';
    expect(parseCoreMetadata(text)).toMatchObject({ name: 'a', version: '1' });
  });

  it('takes no headers from the body', () => {
    expect(() => parseCoreMetadata('<!doctype html>\nName: a\nVersion: 1\nMetadata-Version: 1.0\n')).toThrow(
      'has no field',
    );
  });
});

describe('the long description', () => {
  it('is the body', () => {
    expect(descriptionOf(MODERN)).toBe('# Example\n\nName: not a header\n');
  });

  it('is the field Description of old files, folded with eight blanks', () => {
    const text =
      'Name: a\nDescription: Title\n        =====\n        \n        Text:\n            code\nPlatform: UNKNOWN\n';
    expect(descriptionOf(text)).toBe('Title\n=====\n\nText:\n    code');
  });

  it('is the field Description folded with bars', () => {
    expect(descriptionOf('Name: a\nDescription: Title\n       |=====\n       |\n       |  Text\n')).toBe(
      'Title\n=====\n\n  Text',
    );
  });

  it('is null when there is none', () => {
    expect(descriptionOf('Name: a\nDescription: UNKNOWN\n\n')).toBeNull();
    expect(descriptionOf('Name: a\n')).toBeNull();
  });
});
