/** What a line ends in whose subtree is not shown below it. */
export type TreeMark = '(*)' | '(cycle)' | '…';

const MEANINGS: readonly (readonly [TreeMark, string])[] = [
  ['(*)', 'its subtree is shown above'],
  ['(cycle)', 'leads back to a package above it'],
  ['…', 'its subtree is cut by --depth'],
];

/** What the marks of a tree mean, one line each, for those that it has. */
export function legendOf(marks: ReadonlySet<TreeMark>): string[] {
  return MEANINGS.filter(([mark]) => marks.has(mark)).map(([mark, meaning]) => `${mark} ${meaning}`);
}

/** The items of one level with what stands before their lines: before the item itself, and before everything below it. */
export function branches<Item>(
  items: readonly Item[],
  before: string,
): readonly { readonly item: Item; readonly lead: string; readonly rest: string }[] {
  return items.map((item, index) => {
    const isLast = index === items.length - 1;
    return { item, lead: `${before}${isLast ? '└── ' : '├── '}`, rest: `${before}${isLast ? '    ' : '│   '}` };
  });
}
