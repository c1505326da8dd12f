import { type Condition, PLATFORM_VALUES, type PlatformVariable } from './condition.ts';

/** The condition as the text of a PEP 508 marker; null where it holds always or depends on something that no marker says. */
export function markerOf(condition: Condition): string | null {
  switch (condition.kind) {
    case 'always':
    case 'never':
    case 'unknown':
      return null;
    case 'one-of':
      return oneOfText(condition.variable, condition.values);
    case 'version': {
      // python_version has two numbers only, so bounds with a third need the full version.
      const variable = condition.bound.length > 2 ? 'python_full_version' : 'python_version';
      return `${variable} ${condition.operator} "${condition.bound.join('.')}"`;
    }
    case 'and':
    case 'or': {
      const parts = condition.parts.map((part) => ({ text: markerOf(part), part }));
      if (parts.some(({ text }) => text === null)) return null;
      return parts
        .map(({ text, part }) => (condition.kind === 'and' && isAlternative(part) ? `(${text})` : `${text}`))
        .join(` ${condition.kind} `);
    }
  }
}

/**
 * A requirement with a condition added to whatever marker it has: `a>=1; python_version < "3.4"`.
 * requirement = text [";" marker]
 */
export function withMarker(requirement: string, condition: Condition): string {
  const marker = markerOf(condition);
  if (marker === null) return requirement;
  // A URL may hold a semicolon, so after `@` only one with a blank before it starts a marker (PEP 508).
  const separator = requirement.includes('@') ? requirement.indexOf(' ;') : requirement.indexOf(';');
  const blank = requirement.includes('@') ? ' ' : '';
  if (separator < 0) return `${requirement.trim()}${blank}; ${marker}`;
  const own = requirement.slice(separator).replace(/^ ?;/u, '').trim();
  const name = requirement.slice(0, separator).trim();
  const guard = (text: string) => (/\sor\s/u.test(text) ? `(${text})` : text);
  return `${name}${blank}; ${guard(own)} and ${guard(marker)}`;
}

/** Whether it can hold on Linux or macOS, whatever the interpreter: what only Windows needs is told apart by this. */
export function mayHoldOnUnix(condition: Condition): boolean {
  return UNIXES.some((unix) => mayHold(condition, unix));
}

/** Whether it can hold for PyPy on Linux or macOS. */
export function mayHoldOnPyPy(condition: Condition): boolean {
  return UNIXES.some((unix) =>
    mayHold(condition, { ...unix, platform_python_implementation: ['PyPy'], implementation_name: ['pypy'] }),
  );
}

const UNIXES: readonly Partial<Record<PlatformVariable, readonly string[]>>[] = [
  { sys_platform: ['linux', 'linux2'], os_name: ['posix'], platform_system: ['Linux'] },
  { sys_platform: ['darwin'], os_name: ['posix'], platform_system: ['Darwin'] },
];

function mayHold(condition: Condition, unix: Partial<Record<PlatformVariable, readonly string[]>>): boolean {
  switch (condition.kind) {
    case 'never':
      return false;
    case 'one-of': {
      const here = unix[condition.variable];
      return here === undefined || here.some((value) => condition.values.includes(value));
    }
    case 'and':
      return condition.parts.every((part) => mayHold(part, unix));
    case 'or':
      return condition.parts.some((part) => mayHold(part, unix));
    default:
      return true;
  }
}

function oneOfText(variable: PlatformVariable, values: readonly string[]): string {
  const others = PLATFORM_VALUES[variable].filter((value) => !values.includes(value));
  return values.length <= others.length
    ? values.map((value) => `${variable} == "${value}"`).join(' or ')
    : others.map((value) => `${variable} != "${value}"`).join(' and ');
}

function isAlternative(part: Condition): boolean {
  if (part.kind === 'or') return true;
  return part.kind === 'one-of' && part.values.length > 1 && / or /u.test(oneOfText(part.variable, part.values));
}
