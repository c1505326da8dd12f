import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseOverrideFile } from '../../src/overrides/override-file.ts';
import { META_TEXTS, TEXT_LISTS } from '../../src/overrides/rule.ts';
import { RULE_KEYS } from '../../src/overrides/rule-schema.ts';

const PAGE = readFileSync(new URL('../../docs/overrides.md', import.meta.url), 'utf8');
const EXAMPLES = [...PAGE.matchAll(/^```toml\n([^`]*)^```$/gmu)].map((match) => match[1] ?? '');

describe('docs/overrides.md', () => {
  it.each(EXAMPLES.map((text, index) => [index + 1, text] as const))('has a correct example %i', (_index, text) => {
    const { rules, faults } = parseOverrideFile({ file: 'docs/overrides.md', project: 'demo', text });

    expect(faults.map(({ text }) => text)).toEqual([]);
    expect(rules.length).toBeGreaterThan(0);
  });

  it('has at least one example for each part of the format', () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(5);
  });

  it.each([...RULE_KEYS, ...TEXT_LISTS, ...META_TEXTS])('tells of %s', (attribute) => {
    expect(PAGE).toMatch(new RegExp(`[\`.]${attribute}[\`. ]`, 'u'));
  });
});
