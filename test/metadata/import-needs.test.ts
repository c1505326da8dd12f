import { describe, expect, it } from 'vitest';
import { importNeeds } from '../../src/metadata/import-needs.ts';

/** What importing `kettle` needs, in an sdist of these files. */
function needsOf(files: Readonly<Record<string, string>>): unknown {
  return importNeeds(['kettle'], {
    paths: Object.keys(files),
    text: (path) => (Object.hasOwn(files, path) ? (files[path] ?? null) : null),
  });
}

describe('what importing a module needs', () => {
  it('is what its file imports at the top level, without the standard library', () => {
    expect(needsOf({ 'kettle.py': 'import json, steam.hot\nfrom lid import x\n' })).toEqual({
      kettle: ['lid', 'steam'],
    });
  });

  it('is what its own modules import that it imports, by either way of importing', () => {
    const files = {
      'src/kettle/__init__.py': 'from . import a\nfrom kettle.b import c\n',
      'src/kettle/a.py': 'from ..kettle import spout\nimport alpha\n',
      'src/kettle/b/__init__.py': 'import beta\n',
      'src/kettle/b/c.py': 'import gamma\n',
      'src/kettle/spout.py': 'from .deep import *\n',
      'src/kettle/deep.py': 'import delta\n',
      'src/kettle/unused.py': 'import epsilon\n',
    };
    expect(needsOf(files)).toEqual({ kettle: ['alpha', 'beta', 'delta', 'gamma'] });
  });

  it.each([
    ['in a try that catches its failure', 'try:\n    import steam\nexcept ImportError:\n    steam = None\n'],
    ['under a condition', 'if TYPE_CHECKING:\n    import steam\n'],
    ['in a function', 'def boil():\n    import steam\n'],
  ])('is not what stands %s', (_where, text) => {
    expect(needsOf({ 'kettle.py': text })).toEqual({});
  });

  it('is not what the sdist has in a folder of its own', () => {
    const files = { 'kettle/__init__.py': 'import steam\n', 'kettle/_vendor/steam/__init__.py': '' };
    expect(needsOf(files)).toEqual({});
  });

  it('is not a private module that has no file, since it is compiled', () => {
    expect(needsOf({ 'kettle/__init__.py': 'import _kettle\n' })).toEqual({});
  });

  it('is not known of a module that the sdist has no file of', () => {
    expect(needsOf({ 'kettle.c': '' })).toEqual({});
  });
});
