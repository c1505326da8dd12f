import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSourceAddress, parseSourceAddress, type SourceAddress } from '../../src/pep/source-address.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const SHA256 = 'a'.repeat(64);

function git(parts: Partial<Extract<SourceAddress, { kind: 'git' }>>): SourceAddress {
  const none = { revision: null, commit: null, subdirectory: null };
  return { kind: 'git', url: 'https://host.test/a.git', ...none, ...parts };
}

describe('an address', () => {
  it.each<[string, SourceAddress]>([
    ['git+https://host.test/a.git', git({})],
    ['git+https://host.test/a.git@v1.0', git({ revision: 'v1.0' })],
    ['git+https://host.test/a.git@feature/x#subdirectory=b/c', git({ revision: 'feature/x', subdirectory: 'b/c' })],
    ['git+https://host.test/a.git@v1#egg=name&subdirectory=./b/', git({ revision: 'v1', subdirectory: 'b' })],
    [`git+https://host.test/a.git@${COMMIT.toUpperCase()}`, git({ revision: COMMIT.toUpperCase(), commit: COMMIT })],
    [`git+https://host.test/a.git@main#commit=${COMMIT}`, git({ revision: 'main', commit: COMMIT })],
    ['git+ssh://git@host.test/a/b.git@v1', git({ url: 'ssh://git@host.test/a/b.git', revision: 'v1' })],
    ['git+ssh://git@host.test:2222/a/b.git', git({ url: 'ssh://git@host.test:2222/a/b.git' })],
    ['git+file:///a/b@main', git({ url: 'file:///a/b', revision: 'main' })],
    ['GIT+HTTPS://host.test/a.git', git({})],
    [
      'https://host.test/a-1.0.tar.gz',
      { kind: 'archive', url: 'https://host.test/a-1.0.tar.gz', sha256: null, subdirectory: null },
    ],
    [
      `https://host.test/a-1.0.zip?x=1#sha256=${SHA256.toUpperCase()}&subdirectory=b`,
      { kind: 'archive', url: 'https://host.test/a-1.0.zip?x=1', sha256: SHA256, subdirectory: 'b' },
    ],
    [
      'file:///a/b%20c-1.0-py3-none-any.whl',
      { kind: 'archive', url: 'file:///a/b%20c-1.0-py3-none-any.whl', sha256: null, subdirectory: null },
    ],
    ['file:///a/b%20c/', { kind: 'directory', path: '/a/b c', editable: false, subdirectory: null }],
    ['file://localhost/a', { kind: 'directory', path: '/a', editable: false, subdirectory: null }],
    ['file:///a.zip/', { kind: 'directory', path: '/a.zip', editable: false, subdirectory: null }],
    ['file:///a#editable=true', { kind: 'directory', path: '/a', editable: true, subdirectory: null }],
  ])('%s is read', (text, address) => {
    expect(parseSourceAddress(text)).toEqual(address);
    expect(parseSourceAddress(formatSourceAddress(address))).toEqual(address);
  });

  it.each([
    ['host.test/a.tar.gz', 'it is no URL'],
    ['ftp://host.test/a-1.0.tar.gz', 'ftp: is no scheme that a project can be had by'],
    ['https://host.test/a', 'it does not end like an archive'],
    ['https://host.test/a b.zip', 'it has a blank or a control character'],
    ['git+git@host.test:a/b.git', 'after git+ comes a URL with a scheme'],
    ['git+ext::sh -c x', 'after git+ comes a URL with a scheme'],
    ['git+ext://x/a', 'git+ext: is not supported'],
    ['git+ssh://-oProxyCommand=x/a.git', 'its host or user begins with a dash'],
    ['git+ssh://-oProxyCommand=x@host.test/a.git', 'its host or user begins with a dash'],
    ['git+https://host.test/a@', 'there is no revision after @'],
    ['git+https://host.test/a@--upload-pack=x', 'is no branch, tag or commit of git'],
    ['git+https://host.test/a@-x', 'is no branch, tag or commit of git'],
    ['git+https://host.test/a@a..b', 'is no branch, tag or commit of git'],
    ['git+https://host.test/a@%0a', 'is no branch, tag or commit of git'],
    ['git+https://host.test/a@a*', 'is no branch, tag or commit of git'],
    ['git+https://host.test/', 'it names no repository'],
    ['git+https://host.test/a#subdirectory=../b', 'subdirectory= has to be a relative path inside of it'],
    ['git+https://host.test/a#subdirectory=/b', 'subdirectory= has to be a relative path inside of it'],
    ['git+https://host.test/a#subdirectory=b%00', 'subdirectory= has to be a relative path inside of it'],
    ['git+https://host.test/a#subdirectory=a&subdirectory=b', 'it has subdirectory= twice'],
    ['file://host.test/a', 'a file: URL has no host'],
    ['file:///a%2fb', 'its path cannot be read'],
    ['file:///a%00', 'its path cannot be read'],
    ['https://host.test/a.zip#sha256=12', 'sha256= has to be 64 hex digits'],
  ])('%s is refused: %s', (text, why) => {
    expect(() => parseSourceAddress(text)).toThrow(
      expect.objectContaining({ code: 'E_INVALID_ADDRESS', exit: 65, message: expect.stringContaining(why) }),
    );
  });

  it.each([
    'https://cook:secret-word@host.test/a.zip',
    'https://secret-word@host.test/a.zip',
    'https://host.test/a.zip?token=secret-word',
    'git+https://secret-word@host.test/a.git@v1',
    'git+ssh://cook:secret-word@host.test/a.git',
  ])('with credentials is refused and does not show them: %s', (text) => {
    const read = (): SourceAddress => parseSourceAddress(text);
    expect(read).toThrow(expect.objectContaining({ code: 'E_CREDENTIALS_IN_ADDRESS', exit: 65 }));
    expect(read).not.toThrow(/secret|word/u);
  });

  it('with a digest that nothing would check is refused', () => {
    expect(() => parseSourceAddress(`https://host.test/a.zip#sha512=${'a'.repeat(128)}`)).toThrow(
      expect.objectContaining({ code: 'E_HASH_NOT_CHECKED' }),
    );
  });

  it('of a folder is read back whatever the folder is called', () => {
    const segment = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/[/\0]|^\.{1,2}$/u.test(text) && !/\p{Cs}/u.test(text));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), fc.boolean(), (segments, editable) => {
        const address: SourceAddress = {
          kind: 'directory',
          path: `/${segments.join('/')}`,
          editable,
          subdirectory: null,
        };
        expect(parseSourceAddress(formatSourceAddress(address))).toEqual(address);
      }),
    );
  });

  it('that is any text is read or refused, never anything else', () => {
    const start = fc.constantFrom('', 'git+', 'git+https://', 'https://host.test/', 'file:///', 'git+ssh://');
    fc.assert(
      fc.property(start, fc.string({ unit: 'binary' }), (head, text) => {
        try {
          const address = parseSourceAddress(head + text);
          expect(parseSourceAddress(formatSourceAddress(address))).toEqual(address);
        } catch (error) {
          expect(error).toHaveProperty('exit', 65);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
