/** Releases are chosen by the same rule by which expressions are disabled. */
export { requiresPythonAdmits } from '../pep/requires-python.ts';
