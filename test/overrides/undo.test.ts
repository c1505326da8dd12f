import { describe, expect, it } from 'vitest';
import { parseOverrideFile } from '../../src/overrides/override-file.ts';
import { rulesThatUndo } from '../../src/overrides/undo.ts';

function rules(text: string) {
  return parseOverrideFile({
    file: 'overrides/kettle.toml',
    project: 'kettle',
    text: `[[rule]]\n${text}\nreason = "a test"\n`,
  }).rules;
}

describe('rulesThatUndo', () => {
  it.each([
    ['buildInputs.add = ["zlib"]', 'buildInputs.remove = ["zlib", "bzip2"]', true],
    ['build-system.add = ["flit-core>=3"]', 'build-system.remove = ["Flit_Core"]', true],
    ['buildInputs.add = ["zlib"]', 'buildInputs.replace = ["bzip2"]', true],
    ['buildInputs.add = ["zlib"]', 'buildInputs.replace = ["zlib"]', false],
    ['buildInputs.add = ["zlib"]', 'nativeBuildInputs.remove = ["zlib"]', false],
    ['buildInputs.remove = ["zlib"]', 'buildInputs.remove = ["zlib"]', false],
    ['pythonRelaxDeps.add = ["rich"]', 'pythonRelaxDeps.remove = ["rich"]', true],
    ['postPatch = "true"', 'postPatch = "false"', true],
    ['env.A = "1"', 'env.B = "1"', false],
  ])('%s, then %s: %s', (first, second, isUndone) => {
    expect(rulesThatUndo(rules(first), rules(second))).toHaveLength(isUndone ? 1 : 0);
  });
});
