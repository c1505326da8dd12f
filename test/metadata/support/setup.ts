import { sdistFiles } from '../../../src/metadata/sdist-files.ts';
import { readSetupScript, type SetupScriptReading } from '../../../src/metadata/setup-script.ts';

/** Reads a setup.py that stands in a made-up sdist with these other files. */
export function readScript(script: string, others: Readonly<Record<string, string>> = {}): SetupScriptReading {
  const texts = new Map(Object.entries({ 'setup.py': script, ...others }));
  return readSetupScript('setup.py', script, sdistFiles([...texts.keys()], texts));
}

/** What install_requires is read to: its list, `absent`, or `unknown at line N: why`. */
export function installRequires(
  script: string,
  others: Readonly<Record<string, string>> = {},
): readonly string[] | string {
  const reading = readScript(script, others).facts.installRequires;
  if (reading.kind === 'known') return reading.value;
  return reading.kind === 'absent'
    ? 'absent'
    : `unknown at ${reading.place.file}:${reading.place.line ?? '?'}: ${reading.why}`;
}
