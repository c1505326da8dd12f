import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseOverrideFile } from '../../src/overrides/override-file.ts';
import { ruleText, withoutRule, withRule } from '../../src/overrides/write-rule.ts';

const RULE = ruleText({ attributes: [['buildInputs.add', ['zlib']]], reason: 'zlib.h is missing' });

it('a rule is written as a reader would write it', () => {
  expect(RULE).toBe('[[rule]]\nbuildInputs.add = ["zlib"]\nreason = "zlib.h is missing"\n');
});

it.each([
  ['a file that is not there', '', RULE],
  ['a file with comments', '# mine\n[[rule]]\ndoCheck = false\n', `# mine\n[[rule]]\ndoCheck = false\n\n${RULE}`],
  ['a file without an end of line', '# mine', `# mine\n\n${RULE}`],
  ['a file with the line ends of Windows', '# mine\r\n', `# mine\r\n\r\n${RULE.replaceAll('\n', '\r\n')}`],
])('%s gets a rule at its end', (_, before, after) => {
  expect(withRule(before, RULE)).toBe(after);
});

it.each([['# mine\n'], ['# mine\r\n'], ['']])('taking a rule back leaves %j as it was', (before) => {
  expect(withoutRule(withRule(before, RULE), RULE)).toBe(before);
});

it('a rule that somebody has changed is not taken back', () => {
  expect(withoutRule(RULE.replace('zlib', 'zlib-ng'), RULE)).toBeNull();
});

it('any reason comes back as it was written', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), (text) => {
      const reason = `x${text.replace(/[\p{C}\p{Z}\p{Surrogate}\n]/gu, '')}`;
      const source = {
        file: 'demo.toml',
        project: 'demo',
        text: ruleText({ attributes: [['doCheck', false]], reason }),
      };
      const { rules, faults } = parseOverrideFile(source);
      expect(faults).toEqual([]);
      expect(rules[0]?.reason).toBe(reason.trim());
    }),
  );
});
