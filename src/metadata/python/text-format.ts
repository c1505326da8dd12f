import type { Heap, Value } from './value.ts';

/** What `str()` gives; null where it is not known. */
export function toText(value: Value, heap: Heap): string | null {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'number':
      return String(value.value);
    case 'boolean':
      return value.value ? 'True' : 'False';
    case 'none':
      return 'None';
    case 'path':
      return value.path === '' ? '.' : value.path;
    case 'ref': {
      const object = heap.get(value.id);
      const text =
        object?.kind === 'table' && object.type === 'requirement' ? object.slots.get('req')?.value : undefined;
      return text?.kind === 'string' ? text.value : null;
    }
    default:
      return null;
  }
}

/**
 * Python's `%` for strings: `%s`, `%d`, `%i`, `%r` of plain values and `%(name)s`; null where a value or conversion is not known.
 * conversion = "%" ["(" name ")"] ("s" | "d" | "i" | "r" | "%")
 */
export function percentFormat(template: string, value: Value, heap: Heap): string | null {
  const values = value.kind === 'tuple' ? value.items.map((item) => item.value) : [value];
  const table = value.kind === 'ref' ? heap.get(value.id) : undefined;
  const named = table?.kind === 'table' ? table.slots : undefined;
  let index = 0;
  let known = true;
  const text = template.replace(
    /%(?:\(([^)]{0,100})\))?([\s\S]?)/gu,
    (_, name: string | undefined, conversion: string) => {
      if (conversion === '%') return '%';
      const chosen = name === undefined ? values[index++] : named?.get(name)?.value;
      const piece = chosen === undefined ? null : toText(chosen, heap);
      if (piece === null || !'sdi'.includes(conversion) || conversion === '') known = false;
      return piece ?? '';
    },
  );
  return known ? text : null;
}

/**
 * `str.format` with plain fields; null where a field is not known or has a format specification.
 * field = "{" [name | index] "}"
 */
export function braceFormat(
  template: string,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
  heap: Heap,
): string | null {
  let index = 0;
  let known = true;
  const text = template.replace(/\{\{|\}\}|\{([^{}]*)\}/gu, (whole, field: string | undefined) => {
    if (field === undefined) return whole.charAt(0);
    const chosen =
      field === '' ? positional[index++] : /^\d+$/u.test(field) ? positional[Number(field)] : keywords.get(field);
    const piece = chosen === undefined ? null : toText(chosen, heap);
    if (piece === null) known = false;
    return piece ?? '';
  });
  return known ? text : null;
}
