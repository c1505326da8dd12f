import type { Reader } from './reader.ts';

/** Versions that differ, crates without a lock file, and what asks for the network. */
export const OTHER_READERS: readonly Reader[] = [
  // pythonMetadataCheckHook of nixpkgs
  {
    pattern: /derivation has version '([^']{1,100})' but \.dist-info\/METADATA specifies version '([^']{1,100})'/u,
    read: ([, stated = '', built = '']) => ({ cause: { kind: 'version', built, stated }, stage: 'install' }),
  },
  {
    pattern: /the wheel is of version (\S{1,100}), the expression says (\S{1,100})$/u,
    read: ([, built = '', stated = '']) => ({ cause: { kind: 'version', built, stated }, stage: 'install' }),
  },
  {
    pattern:
      /setuptools[-_]scm was unable to detect version|unable to detect version for .{1,300}|Unable to determine version from a SCM|Error getting the version from source `vcs`/u,
    stages: ['build'],
    read: () => ({ cause: { kind: 'scm-version' }, stage: 'build' }),
  },
  {
    pattern:
      /Cargo\.lock (?:is missing|not found|does not exist|needs to be updated but --(?:locked|frozen|offline) was passed)|Missing Cargo\.lock|cannot create the lock file .{1,300}Cargo\.lock/iu,
    read: () => ({ cause: { kind: 'cargo-lock' }, stage: 'build' }),
  },
  {
    pattern:
      /(?:Temporary failure in name resolution|Name or service not known|nodename nor servname provided|Network is unreachable|Could not resolve host|Max retries exceeded with url|failed to lookup address information|Failed to resolve '|\[Errno -[235]\])/u,
    stages: ['build', 'tests', 'imports', 'install'],
    read: (match) => ({ cause: { kind: 'network', what: hostIn(match.input) }, stage: null }),
  },
];

/** The host that a message names. */
function hostIn(text: string): string | null {
  return (
    /host='([\w.-]{1,200})'/u.exec(text)?.[1] ??
    /https?:\/\/([\w.-]{1,200})/u.exec(text)?.[1] ??
    /resolve (?:host: )?'?([\w-]+\.[\w.-]{1,200})/u.exec(text)?.[1] ??
    null
  );
}
