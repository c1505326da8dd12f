import { parseTruth, type TruthRecord } from '../../../scripts/support/truth.ts';

/** A record of a truth file; what is not said is empty. */
export function truthRecord(parts: Readonly<Record<string, unknown>> = {}): TruthRecord {
  const [record] = parseTruth(JSON.stringify([truthEntry(parts)]));
  if (record === undefined) throw new Error('a record was made and none was read');
  return record;
}

/** The same as it stands in a file. */
export function truthEntry(parts: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    pypi: 'kettle',
    attr: 'kettle',
    version: '1.0',
    'build-system': [],
    nativeBuildInputs: [],
    buildInputs: [],
    dependencies: [],
    propagatedBuildInputs: [],
    nativeCheckInputs: [],
    checkInputs: [],
    'optional-dependencies': {},
    pythonImportsCheck: [],
    license: { shortName: 'mit', spdxId: 'MIT' },
    format: 'pyproject',
    ...parts,
  };
}
