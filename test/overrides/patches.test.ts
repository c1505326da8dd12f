import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { lintKnowledge } from '../../src/cli/overrides/knowledge.ts';
import { applyOverrides } from '../../src/overrides/apply.ts';
import { lintOverrideFile } from '../../src/overrides/lint.ts';
import { loadOverrides } from '../../src/overrides/load.ts';
import { findOverrideFiles, readOverrideFolder } from '../../src/overrides/read-folder.ts';
import { demo, MODERN } from './support/facts.ts';

interface Layer {
  readonly text: string;
  readonly patches?: Readonly<Record<string, string>>;
}

/** `demo` after the rules of folders, one after the other. */
function patched(layers: readonly Layer[], facts: PackageFacts = demo()): PackageFacts {
  const read = layers.map(({ text, patches = {} }, index) => ({
    label: `o${index + 1}`,
    files: [{ name: 'demo.toml', text, patches: new Map(Object.entries(patches)) }],
  }));
  return applyOverrides(facts, loadOverrides(read).get('demo') ?? [], MODERN);
}

function rule(body: string, reason: string): string {
  return `[[rule]]\n${body}\nreason = "${reason}"\n`;
}

describe('the patches of a rule', () => {
  it('are in the facts with their texts, in the order of the list, and with the reasons of all rules', () => {
    const text = rule('patches.add = ["b.patch", "a.diff"]', 'one') + rule('patches.add = ["c.patch"]', 'two');
    const { patches, reasons } = patched([{ text, patches: { 'a.diff': 'A', 'b.patch': 'B', 'c.patch': 'C' } }]);

    expect(patches).toEqual([
      { name: 'b.patch', text: 'B' },
      { name: 'a.diff', text: 'A' },
      { name: 'c.patch', text: 'C' },
    ]);
    expect(reasons.patches).toBe('one; two');
  });

  it('are taken away by a later folder, whose patch of the same name comes in place of the earlier one', () => {
    const first = {
      text: rule('patches = ["a.patch", "b.patch"]', 'one'),
      patches: { 'a.patch': 'A', 'b.patch': 'B' },
    };
    const other = { text: rule('patches = ["b.patch"]', 'two'), patches: { 'b.patch': 'new' } };

    expect(patched([first, other]).patches).toEqual([{ name: 'b.patch', text: 'new' }]);
    const none = patched([first, { text: rule('patches.remove = ["a.patch", "b.patch"]', 'two') }]);
    expect([none.patches, none.reasons.patches]).toEqual([undefined, undefined]);
  });

  it('say nothing of a wheel', () => {
    const { url, sha256 } = { url: 'https://files.example.test/demo-1.2-py3-none-any.whl', sha256: '0'.repeat(64) };
    const wheel = demo({ source: { kind: 'wheel', filename: 'demo-1.2-py3-none-any.whl', sha256, url } });
    const text = rule('patches = ["a.patch"]', 'one');

    expect(patched([{ text, patches: { 'a.patch': 'A' } }], wheel)).toEqual(wheel);
  });

  it.each([
    '../a.patch',
    '/etc/a.patch',
    'sub/a.patch',
    '.a.patch',
    'a.patch/..',
    'a b.patch',
    '${x}.patch',
    '-a.patch',
    'a.nix',
    `${'a'.repeat(200)}.patch`,
  ])('are plain names of files, which %s is not', (name) => {
    expect(() => patched([{ text: rule(`patches = ['${name}']`, 'r') }])).toThrow(
      /^o1\/demo\.toml:2:12: entry 1 of `patches`: must be the plain name of a file that ends in \.patch or \.diff/u,
    );
  });

  it.each([
    ['patches = ["a.patch"]', '2:12'],
    ['patches.add = ["a.patch"]', '2:16'],
  ])('have to be there: %s', (body, place) => {
    expect(() => patched([{ text: rule(body, 'r') }])).toThrow(`o1/demo.toml:${place}: there is no patch demo/a.patch`);
  });
});

describe('the check of patches', () => {
  const findings = (text: string, patches: readonly string[]): string[] =>
    lintOverrideFile(
      { file: 'o/demo.toml', project: 'demo', text, patches: new Map(patches.map((name) => [name, ''])) },
      lintKnowledge(),
    ).findings.map(({ line, column, code, text: clause }) => `${line}:${column} ${code} ${clause}`);

  it('finds those that no rule has and those that are not there, and leaves their order alone', () => {
    const text = rule('patches = ["b.patch", "a.patch"]', 'r');

    expect(findings(text, ['a.patch', 'b.patch'])).toEqual([]);
    expect(findings(text, ['a.patch', 'b.patch', 'c.patch'])).toEqual(['1:1 dead no rule has the patch demo/c.patch']);
    expect(findings(text, ['a.patch'])).toEqual(['2:12 format there is no patch demo/b.patch']);
  });

  it('tells of one that is no text once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'overrides-'));
    try {
      await mkdir(join(folder, 'demo'));
      await writeFile(join(folder, 'demo', 'a.patch'), Buffer.from([0xff]));
      await writeFile(join(folder, 'demo.toml'), rule('patches = ["a.patch"]', 'r'));
      const [file, patch] = await findOverrideFiles(folder, { label: 'o', required: true });

      if (file === undefined || 'fault' in file) throw new Error('the file has a text');
      const source = { file: 'o/demo.toml', project: 'demo', ...file };
      expect(lintOverrideFile(source, lintKnowledge()).findings).toEqual([]);
      expect(patch).toMatchObject({ fault: { file: 'o/demo/a.patch', text: 'is not UTF-8 text' } });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('finds attributes behind patches that belong before them', () => {
    expect(findings(rule('postPatch = "true"\npatches = ["a.patch"]', 'r'), ['a.patch'])).toEqual([
      '2:1 order the attributes of the rule are not in order',
    ]);
  });
});

describe('the folder of patches', () => {
  it('is read with the file that it is named after: plain files of text alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'overrides-'));
    try {
      await mkdir(join(folder, 'demo', 'sub.patch'), { recursive: true });
      await writeFile(join(folder, 'demo.toml'), '');
      await writeFile(join(folder, 'other.toml'), '');
      await writeFile(join(folder, 'demo', 'a.patch'), 'ä\n');
      await writeFile(join(folder, 'demo', 'b.diff'), 'b\n');
      await writeFile(join(folder, 'demo', '.c.patch'), 'c\n');
      await writeFile(join(folder, 'demo', 'README.md'), 'd\n');
      const patches = new Map(Object.entries({ 'a.patch': 'ä\n', 'b.diff': 'b\n' }));

      expect((await readOverrideFolder(folder, { label: 'mine', required: true })).files).toEqual([
        { name: 'demo.toml', text: '', patches },
        { name: 'other.toml', text: '' },
      ]);
      await writeFile(join(folder, 'demo', 'a.patch'), Buffer.from([0x61, 0xff]));
      await expect(readOverrideFolder(folder, { label: 'mine', required: true })).rejects.toMatchObject({
        code: 'E_BAD_OVERRIDE',
        message: 'mine/demo/a.patch:1:2: is not UTF-8 text',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
