import { countOf, oneLine } from '../base/text.ts';
import type { RuleVerdict } from '../overrides/conditions.ts';
import type { OverrideRule } from '../overrides/rule.ts';
import { changeLines } from './overrides-changes.ts';

/** A folder of override files and the rules that are asked about. */
export interface ListedFolder {
  readonly layer: 'shipped' | 'user' | 'repository' | 'option';
  /** As messages show it. */
  readonly label: string;
  /** How many files it has. */
  readonly files: number;
  readonly projects: readonly {
    readonly project: string;
    readonly rules: readonly { readonly rule: OverrideRule; readonly verdict: RuleVerdict }[];
  }[];
}

/** The rules by folder and project, each with what it changes, its reason, and whether it applies. Ends with a line break. */
export function listText({
  title,
  folders,
}: {
  readonly title: string;
  readonly folders: readonly ListedFolder[];
}): string {
  const lines = [`for ${title}`];
  for (const { layer, label, files, projects } of folders) {
    lines.push('', `${LAYERS[layer]}: ${oneLine(label)} (${countOf(files, 'file')})`);
    for (const { project, rules } of projects) {
      lines.push(`  ${project}`);
      for (const { rule, verdict } of rules) {
        lines.push(`    rule ${rule.number}, line ${rule.line}: ${verdictText(verdict)}`);
        lines.push(...changeLines(rule).map((line) => `      ${line}`), `      # ${oneLine(rule.reason)}`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

const LAYERS: Readonly<Record<ListedFolder['layer'], string>> = {
  shipped: 'shipped',
  user: 'user',
  repository: 'repository',
  option: '--overrides',
};

/** `applies`, `does not apply: nixpkgs 16.03 is not within >=16.09`. */
export function verdictText(verdict: RuleVerdict): string {
  if (verdict.kind === 'applies') return 'applies';
  const why = oneLine(verdict.why.join('; '));
  return verdict.kind === 'open' ? `depends on the version: ${why}` : `does not apply: ${why}`;
}

/** The same as one JSON object of the form 1. */
export function listJson(folders: readonly ListedFolder[]): string {
  const value = {
    form: 1,
    folders: folders.map(({ projects, ...folder }) => ({
      ...folder,
      rules: projects.flatMap(({ rules }) =>
        rules.map(({ rule, verdict }) => ({
          project: rule.project,
          file: rule.file,
          line: rule.line,
          number: rule.number,
          reason: rule.reason,
          changes: changeLines(rule),
          applies: verdict.kind === 'open' ? null : verdict.kind === 'applies',
          why: verdict.kind === 'applies' ? [] : verdict.why,
        })),
      ),
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
