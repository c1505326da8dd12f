import { describe, expect, it } from 'vitest';
import { cythonIncludesOf, includesOf } from '../../../src/metadata/native/headers.ts';

/** `header certainty` of each include. */
function certainties(...lines: readonly string[]): string[] {
  return includesOf(lines.join('\n')).map(({ header, when }) => `${header} ${when}`);
}

describe('the headers of a C source', () => {
  it('are those of every form, with their line', () => {
    expect(includesOf('#include <a.h>\n  #  include "b/c.h"\n')).toEqual([
      { header: 'a.h', line: 1, when: 'always' },
      { header: 'b/c.h', line: 2, when: 'always' },
    ]);
  });

  it.each([
    ['another system', ['#ifdef _WIN32', '#include <a.h>', '#endif'], ['a.h elsewhere']],
    ['all but another system', ['#ifndef _WIN32', '#include <a.h>', '#endif'], ['a.h always']],
    ['the rest of another system', ['#ifdef _MSC_VER', '#else', '#include <a.h>', '#endif'], ['a.h always']],
    [
      'the frameworks of macOS, and the rest',
      ['#ifdef __APPLE__', '#include <a.h>', '#else', '#include <b.h>', '#endif'],
      ['a.h elsewhere', 'b.h always'],
    ],
    ['macOS and Linux', ['#if defined(__APPLE__) || defined(__linux__)', '#include <a.h>', '#endif'], ['a.h off']],
    ['what the build looks for', ['#ifdef HAVE_A', '#include <a.h>', '#endif'], ['a.h optional']],
    ['what somebody asks for', ['#if defined(WITH_A)', '#include <a.h>', '#endif'], ['a.h off']],
    ['a guard against including twice', ['#ifndef MINE_H', '#include <a.h>', '#endif'], ['a.h always']],
    ['dead code', ['#if 0', '#include <a.h>', '#endif', '#include <b.h>'], ['a.h off', 'b.h always']],
    [
      'one of several that exclude each other',
      ['#if defined(HAVE_A)', '#include <a.h>', '#elif defined(HAVE_B)', '#include <b.h>', '#endif'],
      ['a.h optional', 'b.h off'],
    ],
    [
      'a condition within another',
      ['#ifdef HAVE_A', '#ifdef _WIN32', '#include <a.h>', '#endif', '#include <b.h>', '#endif'],
      ['a.h elsewhere', 'b.h optional'],
    ],
  ])('below %s are as sure as that', (_, lines, expected) => {
    expect(certainties(...lines)).toEqual(expected);
  });

  it('are read from a hostile text in time', () => {
    expect(includesOf(`${'#if x\n'.repeat(50_000)}${'# '.repeat(100_000)}include <a.h`)).toEqual([]);
  });
});

it('the headers of a Cython source are those of `cdef extern from`', () => {
  const text =
    'cdef extern from "libxml/tree.h" nogil:\n    pass\ncdef extern from *:\n    pass\ncdef extern from "<b.h>":\n';
  expect(cythonIncludesOf(text).map(({ header, line }) => `${header} ${line}`)).toEqual(['libxml/tree.h 1', 'b.h 5']);
});
