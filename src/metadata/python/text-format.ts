import { formatField } from './format-field.ts';
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
 * Python's `%` for texts; null where a value or conversion is not known.
 * conversion = "%" ["(" name ")"] ["-"] ["0"] [width] ["." precision] ("s" | "d" | "i" | "f" | "r" | "%")
 */
export function percentFormat(template: string, value: Value, heap: Heap): string | null {
  const values = value.kind === 'tuple' ? value.items.map((item) => item.value) : [value];
  const table = value.kind === 'ref' ? heap.get(value.id) : undefined;
  const named = table?.kind === 'table' ? table.slots : undefined;
  let index = 0;
  let known = true;
  const text = template.replace(
    /%(?:\(([^)]{0,100})\))?(-?)(0?)(\d{0,3})(\.\d{1,2})?([\s\S]?)/gu,
    (_, name: string | undefined, left: string, zero: string, width: string, precision = '', conversion: string) => {
      if (conversion === '%') return '%';
      const chosen = name === undefined ? values[index++] : named?.get(name)?.value;
      const isText = conversion === 's' || conversion === 'r';
      const specification = `${left === '-' ? '<' : '>'}${left === '' && !isText ? zero : ''}${width}${precision}`;
      const piece =
        chosen === undefined || !/^[sdifr]$/u.test(conversion)
          ? null
          : isText
            ? formatField(
                conversion === 'r' ? chosen : asText(chosen, heap),
                { conversion, specification: plain(specification) },
                heap,
              )
            : chosen.kind === 'number'
              ? formatField(chosen, { specification: `${plain(specification)}${conversion === 'f' ? 'f' : 'd'}` }, heap)
              : null;
      if (piece === null) known = false;
      return piece ?? '';
    },
  );
  return known ? text : null;
}

/** A number is laid out as its text. */
function asText(value: Value, heap: Heap): Value {
  const text = value.kind === 'string' || value.kind === 'unknown' ? null : toText(value, heap);
  return text === null ? value : { kind: 'string', value: text };
}

/** Without a width or precision there is nothing to lay out. */
function plain(specification: string): string {
  return /^[<>]$/u.test(specification) ? '' : specification;
}

/**
 * `str.format`; null where a field is not known.
 * field = "{" [name | index] ["!" conversion] [":" specification] "}"
 */
export function braceFormat(
  template: string,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
  heap: Heap,
): string | null {
  let index = 0;
  let known = true;
  const text = template.replace(/\{\{|\}\}|\{([^{}]*)\}/gu, (whole, inner: string | undefined) => {
    if (inner === undefined) return whole.charAt(0);
    const [, field = '', conversion, specification] = /^([^!:]*)(?:!(\w))?(?::(.*))?$/su.exec(inner) ?? ['', inner];
    const chosen =
      field === '' ? positional[index++] : /^\d+$/u.test(field) ? positional[Number(field)] : keywords.get(field);
    const piece = chosen === undefined ? null : formatField(chosen, { conversion, specification }, heap);
    if (piece === null) known = false;
    return piece ?? '';
  });
  return known ? text : null;
}
