// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of override files are spelled like that
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTextParts } from '../../src/overrides/text-parts.ts';

describe('parseTextParts', () => {
  it.each([
    ['', []],
    ['rm x.py', ['rm x.py']],
    ['$out $HOME $$ $(pwd) {x}', ['$out $HOME $$ $(pwd) {x}']],
    ['-L${fftw}/lib', ['-L', { attribute: 'fftw', output: 'out' }, '/lib']],
    [
      '${lib:fftw}${dev:fftw}',
      [
        { attribute: 'fftw', output: 'lib' },
        { attribute: 'fftw', output: 'dev' },
      ],
    ],
    ['${xorg.libX11}', [{ attribute: 'xorg.libX11', output: 'out' }]],
    ['echo $${HOME}', ['echo ${HOME}']],
    ['$${fftw} ${fftw}', ['${fftw} ', { attribute: 'fftw', output: 'out' }]],
    ['${out:SDL}', [{ attribute: 'SDL', output: 'out' }]],
  ])('reads %j', (text, parts) => {
    expect(parseTextParts(text)).toEqual(parts);
  });

  it.each([
    ['${', '`${` is not closed'],
    ['${a b}', '`${a b}` is no system input: write ${NAME}, ${lib:NAME} or ${dev:NAME}, and $${ for a literal ${'],
    [
      '${bin:fftw}',
      '`${bin:fftw}` is no system input: write ${NAME}, ${lib:NAME} or ${dev:NAME}, and $${ for a literal ${',
    ],
    [
      '${PATH:-x}',
      '`${PATH:-x}` is no system input: write ${NAME}, ${lib:NAME} or ${dev:NAME}, and $${ for a literal ${',
    ],
    [
      '${HOME}',
      '`${HOME}` looks like a variable of the shell: write $HOME or $${HOME} for it, ${out:HOME} for the system input',
    ],
    [
      '${out}',
      '`${out}` looks like a variable of the shell: write $out or $${out} for it, ${out:out} for the system input',
    ],
  ])('refuses %j', (text, fault) => {
    expect(parseTextParts(`a ${text}`)).toEqual({ fault, at: 2 });
  });

  it('keeps any text in which ${ is escaped', () => {
    const pieces = fc.array(fc.oneof(fc.string(), fc.constantFrom('$', '{', '}', '${', "''", '\\')), { maxLength: 8 });
    fc.assert(
      fc.property(pieces, (list) => {
        const text = list.join('');
        const parts = parseTextParts(text.split('${').join('$${'));
        expect(parts).toEqual(text === '' ? [] : [text]);
      }),
    );
  });
});
