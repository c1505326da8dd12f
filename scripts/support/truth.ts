import * as v from 'valibot';
import { normalizeName } from '../../src/pep/name.ts';

/** Null where the expression has a value that could not be read. */
const NAMES = v.nullish(v.array(v.string()), null);
const LICENCE = v.union([
  v.pipe(
    v.string(),
    v.transform((shortName) => ({ shortName, spdxId: null })),
  ),
  v.looseObject({ shortName: v.nullish(v.string(), null), spdxId: v.nullish(v.string(), null) }),
]);

const RECORD = v.looseObject({
  pypi: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/iu, 'is no name of a project'),
    v.transform(normalizeName),
  ),
  version: v.string(),
  'build-system': NAMES,
  nativeBuildInputs: NAMES,
  buildInputs: NAMES,
  dependencies: NAMES,
  propagatedBuildInputs: NAMES,
  nativeCheckInputs: NAMES,
  checkInputs: NAMES,
  'optional-dependencies': v.nullish(v.record(v.string(), v.array(v.string())), null),
  pythonImportsCheck: NAMES,
  // A list first: an array is an object, too.
  license: v.nullish(v.union([v.array(LICENCE), LICENCE]), null),
  format: v.nullish(v.string(), null),
});

/** What nixpkgs has for one project, at one version; lists are of attribute names, as the maintainers wrote them. Null where the expression says nothing. */
export type TruthRecord = Readonly<v.InferOutput<typeof RECORD>>;

/** The records of a truth file. Throws an Error that names the record and the field for what is none. */
export function parseTruth(text: string): readonly TruthRecord[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value) || value.length === 0) throw new Error('is no list of records');
  return value.map((entry: unknown, index) => {
    const result = v.safeParse(RECORD, entry);
    if (result.success) return result.output;
    const [issue] = result.issues;
    throw new Error(`record ${index + 1}: ${v.getDotPath(issue) ?? 'the record'}: ${issue.message}`);
  });
}
