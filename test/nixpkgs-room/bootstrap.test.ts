import { describe, expect, it } from 'vitest';
import { BOOTSTRAP_PROJECTS, bootstrapProjects } from '../../src/nixpkgs/bootstrap.ts';

describe('what the builder of a set is made with', () => {
  it.each(['15.09', '18.03', '22.11'])('is pip, setuptools and wheel in %s', (release) => {
    expect([...bootstrapProjects(release)].sort()).toEqual(['pip', 'setuptools', 'wheel']);
  });

  it('has flit-core in 23.05, which builds wheel', () => {
    expect([...bootstrapProjects('23.05')].sort()).toEqual(['flit-core', 'pip', 'setuptools', 'wheel']);
  });

  it.each(['23.11', '24.05', '26.05', 'unstable'])('is all that build and installer need in %s', (release) => {
    expect(bootstrapProjects(release)).toBe(BOOTSTRAP_PROJECTS);
  });
});
