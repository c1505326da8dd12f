import { projectOfModule } from '../classify/module-projects.ts';
import { normalizeName } from '../pep/name.ts';

/** Modules of build backends and of what builds import, where their project has another name. */
const PROJECT_OF_BACKEND: Readonly<Record<string, string>> = {
  poetry: 'poetry-core',
  mesonpy: 'meson-python',
  mesonbuild: 'meson',
  skbuild: 'scikit-build',
  sipbuild: 'sip',
  pdm: 'pdm-backend',
  'pdm.pep517': 'pdm-pep517',
  hatch: 'hatchling',
};

/** The projects that may have a module which a build imports, as {@link projectsOfModule} gives them. */
export function projectsOfBuildModule(module: string, isKnown: (project: string) => boolean): readonly string[] {
  const [top = module, second = ''] = module.split('.');
  const named = [`${top}.${second}`, top].find((name) => Object.hasOwn(PROJECT_OF_BACKEND, name));
  const backend = named === undefined ? undefined : PROJECT_OF_BACKEND[named];
  const others = projectsOfModule(module, isKnown);
  return backend === undefined ? others : [backend, ...others.filter((project) => project !== backend)];
}

/**
 * The projects (PEP 503 names) that may have a module, the most probable first: by the table of names that differ, by the module's own name, and by the usual ways to
 * make one of the other. `isKnown` tells whether the repository or its package set has a project.
 */
export function projectsOfModule(module: string, isKnown: (project: string) => boolean): readonly string[] {
  const parts = module.split('.').filter((part) => part !== '');
  const [top = module, second] = parts;
  const own = normalizeName(top.replace(/^_+/u, ''));
  if (own === '' || !/^[a-z0-9]/u.test(own)) return [];
  const whole = second === undefined ? [] : [normalizeName(`${top}-${second}`)];
  const known = new Set([own, ...whole].filter(isKnown));
  // A project of the module's own name that is known is no better than what the table says: `attr` is a project as well.
  const listed = projectOfModule(module, new Set(whole.filter((name) => known.has(name))));
  const variants = [`python-${own}`, `py${own}`, `${own}-python`].filter(isKnown);
  const all = [listed, ...[...whole, own].filter(isKnown), ...variants];
  const likely = all.filter((project, at) => /^[a-z0-9][a-z0-9-]*$/u.test(project) && all.indexOf(project) === at);
  // What neither repository nor set has may be generated all the same, but only after what is there.
  return [...likely.filter(isKnown), ...likely.filter((project) => !isKnown(project))];
}
