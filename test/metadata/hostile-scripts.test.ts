import { describe, expect, it } from 'vitest';
import { installRequires } from './support/setup.ts';

describe('a setup.py that is nested deeper than a stack may be', () => {
  it('has requirements that are read or unknown, but the reader does not fail and does not say none', () => {
    const deep = `x = ${'('.repeat(30_000)}1${')'.repeat(30_000)}\n`;
    const found = installRequires(`from setuptools import setup\n${deep}setup(install_requires=['six'])\n`);
    // How deep the stack is depends on what the engine has optimised.
    const unknown = 'unknown at setup.py:?: it is nested too deeply';
    expect([['six'], unknown]).toContainEqual(found);
  });
});
