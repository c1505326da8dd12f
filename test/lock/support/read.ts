import { expect } from 'vitest';
import { type UserError, userErrorsOf } from '../../../src/base/user-error.ts';
import type { LockChoice, LockedProjects } from '../../../src/lock/locked-projects.ts';
import { readLock } from '../../../src/lock/read-lock.ts';
import { formatMarker, type MarkerEnvironment } from '../../../src/pep/marker.ts';
import { formatRequirement } from '../../../src/pep/requirement.ts';
import { formatSourceAddress } from '../../../src/pep/source-address.ts';

export const DIGEST = 'a'.repeat(64);
export const OTHER_DIGEST = 'b'.repeat(64);
export const COMMIT = '0123456789'.repeat(4);

/** A target of CPython on 64-bit Intel or, for macOS, Arm. */
export function target(python: string, system: 'linux' | 'darwin' = 'linux'): MarkerEnvironment {
  return {
    python_version: python,
    python_full_version: `${python}.0`,
    os_name: 'posix',
    sys_platform: system,
    platform_system: system === 'linux' ? 'Linux' : 'Darwin',
    platform_machine: system === 'linux' ? 'x86_64' : 'arm64',
    implementation_name: 'cpython',
    implementation_version: `${python}.0`,
    platform_python_implementation: 'CPython',
  };
}

type Choice = Partial<LockChoice>;

/** Reads a lock that lies in `/work`, for Python 3.13 on Linux unless the choice says otherwise. */
export function read(name: string, text: string, choice: Choice = {}): LockedProjects {
  return readLock({ name, text, directory: '/project' }, { targets: [target('3.13')], ...choice });
}

/** Each project on a line: `name[extra] version; marker @ address -> dependencies (files)`. */
export function lines({ projects }: LockedProjects): readonly string[] {
  return [...projects.values()].map(({ name, extras, version, marker, address, dependencies, files }) =>
    [
      extras.length === 0 ? name : `${name}[${extras.join(',')}]`,
      version ?? '-',
      ...(marker === null ? [] : [`if ${formatMarker(marker)}`]),
      ...(address === null ? [] : [`from ${formatSourceAddress(address)}`]),
      ...(dependencies === null || dependencies.length === 0 ? [] : [`-> ${dependencies.join(' ')}`]),
      ...files.map(({ filename, sha256 }) => `${filename === '' ? '*' : filename}:${sha256?.slice(0, 1) ?? '?'}`),
    ].join(' '),
  );
}

export function roots(locked: LockedProjects): readonly string[] {
  return locked.roots.map(formatRequirement);
}

/** The user errors of a reading that fails, first lines of their messages, each with its code. */
export function faults(run: () => unknown): readonly string[] {
  return errors(run).map(({ code, message }) => `${code} ${message.replace(/\n.*$/su, '')}`);
}

export function errors(run: () => unknown): readonly UserError[] {
  try {
    run();
  } catch (error) {
    const found = userErrorsOf(error);
    if (found === undefined) throw error;
    return found;
  }
  expect.fail('there was no error');
}
