import { describe, expect, it } from 'vitest';
import { overrideFolders } from '../../src/cli/overrides/override-layers.ts';

function userFolder(environment: Readonly<Record<string, string>>): string | undefined {
  const folders = overrideFolders([], { environment, directory: '/nowhere' });
  return folders.find(({ layer }) => layer === 'user')?.folder;
}

describe('the folder of the user', () => {
  it.each([
    [{ HOME: '/home/me' }, '/home/me/.config/pypi2nix/overrides'],
    [{ HOME: '/home/me', XDG_CONFIG_HOME: '/etc/me' }, '/etc/me/pypi2nix/overrides'],
    [{ HOME: '/home/me', XDG_CONFIG_HOME: '' }, '/home/me/.config/pypi2nix/overrides'],
    [{ HOME: '/home/me', XDG_CONFIG_HOME: 'relative' }, '/home/me/.config/pypi2nix/overrides'],
  ])('with %j is %s', (environment, expected) => {
    expect(userFolder(environment)).toBe(expected);
  });
});
