import * as v from 'valibot';
import type { RequirementGroups } from './release-facts.ts';

const Strings = v.array(v.string());
const ToolSchema = v.looseObject({
  pdm: v.optional(v.looseObject({ 'dev-dependencies': v.optional(v.record(v.string(), Strings)) })),
  uv: v.optional(v.looseObject({ 'dev-dependencies': v.optional(Strings) })),
  hatch: v.optional(
    v.looseObject({
      envs: v.optional(
        v.record(
          v.string(),
          v.looseObject({ dependencies: v.optional(Strings), 'extra-dependencies': v.optional(Strings) }),
        ),
      ),
    }),
  ),
});

/**
 * Requirements for tests and development that tables of tools state, by group: pdm's and uv's dev-dependencies, and the environments of
 * hatch that run tests. Tables of another form are passed over: they are evidence, not input.
 */
export function toolGroups(tool: Readonly<Record<string, unknown>>): RequirementGroups {
  const groups = new Map<string, string[]>();
  const add = (name: string, requirements: readonly string[] | undefined): void => {
    if (requirements === undefined || requirements.length === 0) return;
    groups.set(name, [...(groups.get(name) ?? []), ...requirements]);
  };
  for (const name of ['pdm', 'uv', 'hatch'] as const) {
    const decoded = v.safeParse(ToolSchema, { [name]: tool[name] });
    if (!decoded.success) continue;
    const { pdm, uv, hatch } = decoded.output;
    for (const [group, requirements] of Object.entries(pdm?.['dev-dependencies'] ?? {})) add(group, requirements);
    add('dev', uv?.['dev-dependencies']);
    for (const [environment, table] of Object.entries(hatch?.envs ?? {})) {
      if (!/^(?:test|default$|hatch-test|dev$)/u.test(environment)) continue;
      add(environment, [...(table.dependencies ?? []), ...(table['extra-dependencies'] ?? [])]);
    }
  }
  return Object.fromEntries(groups);
}
