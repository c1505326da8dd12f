import { describe, expect, it } from 'vitest';
import { projectOfModule } from '../../src/classify/module-projects.ts';

describe('projectOfModule', () => {
  it.each([
    { module: 'yaml', project: 'pyyaml', what: 'what the table has' },
    { module: 'yaml.cyaml', project: 'pyyaml', what: 'the top of a dotted name' },
    { module: 'flask_cors', project: 'flask-cors', what: 'the own name in its PEP 503 spelling' },
    { module: 'jaraco.classes.meta', project: 'jaraco-classes', what: 'the second part of a shared namespace' },
    { module: 'google.protobuf.message', project: 'protobuf', what: 'a part of a namespace that is named otherwise' },
    { module: 'google.auth', project: 'google-auth', what: 'another part of the same namespace' },
  ])('finds $project for $module: $what', ({ module, project }) => {
    expect(projectOfModule(module, new Set())).toBe(project);
  });

  it.each([
    { module: 'attr', declared: ['attr'], project: 'attr' },
    { module: 'foo', declared: ['python-foo'], project: 'python-foo' },
    { module: 'google.cloud.storage', declared: ['google-cloud-storage'], project: 'google-cloud-storage' },
    { module: 'paste.util', declared: ['paste'], project: 'paste' },
  ])('prefers what the release speaks of: $declared for $module', ({ module, declared, project }) => {
    expect(projectOfModule(module, new Set(declared))).toBe(project);
  });
});
