/** The function with its answers remembered by its arguments, which are names and versions: neither has blanks. */
export function memoized<Arguments extends readonly string[], Value>(
  make: (...given: Arguments) => Promise<Value>,
): (...given: Arguments) => Promise<Value> {
  const known = new Map<string, Promise<Value>>();
  return (...given) => {
    const key = given.join(' ');
    const value = known.get(key) ?? make(...given);
    known.set(key, value);
    return value;
  };
}
