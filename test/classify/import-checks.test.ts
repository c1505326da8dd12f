import { describe, expect, it } from 'vitest';
import { withoutFailingImports } from '../../src/classify/import-checks.ts';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { packageFacts, pythonInput } from './support/package.ts';

function made(name: string, given: Partial<PackageFacts> & { readonly needs?: readonly string[] } = {}): PackageFacts {
  const { needs = [], ...rest } = given;
  const { inputs } = packageFacts();
  return packageFacts({
    name,
    importsCheck: [name],
    inputs: { ...inputs, dependencies: needs.map((need) => pythonInput(need)) },
    ...rest,
  });
}

/** The checks of the first package. */
function checksOf(packages: readonly PackageFacts[]): readonly string[] | undefined {
  return withoutFailingImports(packages)[0]?.importsCheck;
}

describe('a module whose import is known to fail', () => {
  it('is left out of the check, with a note', () => {
    const [kettle] = withoutFailingImports([made('kettle', { importNeeds: { kettle: ['steam', 'lid'] } })]);
    expect(kettle?.importsCheck).toEqual([]);
    expect(kettle?.notes).toEqual([
      {
        kind: 'omitted',
        text: 'kettle is left out of pythonImportsCheck: it imports steam and lid, which none of its requirements brings along',
        project: 'kettle',
      },
    ]);
  });

  it('is none that has the name of what every object has', () => {
    expect(checksOf([made('constructor', { importNeeds: {} })])).toEqual(['constructor']);
    const kettle = made('kettle', { importsCheck: ['constructor', 'kettle'], importNeeds: { kettle: ['steam'] } });
    expect(checksOf([kettle])).toEqual(['constructor']);
  });

  it('is none where a requirement of a requirement brings what it imports', () => {
    const steam = made('pysteam', { importsCheck: ['steam'] });
    const kettle = made('kettle', { needs: ['lid'], importNeeds: { kettle: ['steam'] } });
    expect(checksOf([kettle, made('lid', { needs: ['pysteam'] }), steam])).toEqual(['kettle']);
  });

  it('is none where a requirement comes from the package set, or where the modules of one are not known', () => {
    const kettle = made('kettle', { needs: ['lid'], importNeeds: { kettle: ['steam'] } });
    expect(checksOf([kettle])).toEqual(['kettle']);
    expect(checksOf([kettle, made('lid', { importsCheck: [] })])).toEqual(['kettle']);
    expect(checksOf([kettle, made('lid')])).toEqual([]);
  });
});
