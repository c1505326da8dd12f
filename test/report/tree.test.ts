import { describe, expect, it } from 'vitest';
import { treeText } from '../../src/report/tree.ts';
import type { TreeEdge, TreeGraph, TreePackage } from '../../src/report/tree-graph.ts';
import { invertedTreeText } from '../../src/report/tree-inverted.ts';
import { treeJson } from '../../src/report/tree-json.ts';

/** `name[extra]`, `name; marker`, `extra => name`: what an edge says. */
function edge(text: string): TreeEdge {
  const [, extra = null, whole = ''] = /^(?:(\w+) => )?(.*)$/su.exec(text) ?? [];
  const [head = '', marker = null] = whole.split('; ');
  const [, name = '', extras = ''] = /^([\w-]+)(?:\[(.*?)\])?/u.exec(head) ?? [];
  return { name, extras: extras === '' ? [] : extras.split(','), requirement: head, marker, condition: marker, extra };
}

function found(name: string, edges: readonly string[] = [], more: Partial<TreePackage> = {}): TreePackage {
  return { name, version: '1.0', extras: [], yanked: null, edges: edges.map(edge), ...more };
}

function graph(roots: readonly string[], ...packages: readonly TreePackage[]): TreeGraph {
  return { roots: roots.map(edge), packages: new Map(packages.map((each) => [each.name, each])) };
}

function lines(text: string): string {
  return `\n${text}`;
}

const WHOLE = { depth: null };

describe('the tree of what is needed', () => {
  it('has a line a package, with the condition under which it is needed', () => {
    const text = treeText(
      graph(
        ['kettle'],
        found('kettle', ['saucer>=1', 'colorama; sys_platform == "darwin"']),
        found('saucer', ['clay']),
        found('clay'),
        found('colorama'),
      ),
      WHOLE,
    );
    expect(lines(text)).toBe(`
kettle 1.0
├── colorama 1.0 ; sys_platform == "darwin"
└── saucer 1.0
    └── clay 1.0
`);
  });

  it('keeps the order of the user for what was asked for, and shows what is named twice once', () => {
    const text = treeText(graph(['b', 'a', 'b'], found('a'), found('b')), WHOLE);
    expect(lines(text)).toBe(`
b 1.0
a 1.0
`);
  });

  it('shows a subtree once, and marks where it comes again', () => {
    const text = treeText(
      graph(['a', 'b'], found('a', ['c', 'd']), found('b', ['c', 'd']), found('c', ['d']), found('d')),
      WHOLE,
    );
    expect(lines(text)).toBe(`
a 1.0
├── c 1.0
│   └── d 1.0
└── d 1.0
b 1.0
├── c 1.0 (*)
└── d 1.0
(*) its subtree is shown above
`);
  });

  it('marks what leads back to a package above it', () => {
    const text = treeText(graph(['a'], found('a', ['b']), found('b', ['c']), found('c', ['a'])), WHOLE);
    expect(lines(text)).toBe(`
a 1.0
└── b 1.0
    └── c 1.0
        └── a 1.0 (cycle)
(cycle) leads back to a package above it
`);
  });

  it('tells which extra brings what, and shows it where the extra is asked for only', () => {
    const text = treeText(
      graph(
        ['celery[redis]', 'flower'],
        found('celery', ['kombu', 'redis => redis>=4'], { extras: ['redis'] }),
        found('flower', ['celery']),
        found('kombu'),
        found('redis'),
      ),
      WHOLE,
    );
    expect(lines(text)).toBe(`
celery[redis] 1.0
├── kombu 1.0
└── redis 1.0 (extra: redis)
flower 1.0
└── celery 1.0
    └── kombu 1.0
`);
  });

  it('follows an extra that asks for other extras of the same project', () => {
    const text = treeText(
      graph(
        ['it[all]'],
        found('it', ['all => it[fast,slow]', 'fast => wings', 'slow => shell; python_version < "3.12"'], {
          extras: ['all', 'fast', 'slow'],
        }),
        found('wings'),
        found('shell'),
      ),
      WHOLE,
    );
    expect(lines(text)).toBe(`
it[all] 1.0
├── shell 1.0 (extra: slow) ; python_version < "3.12"
└── wings 1.0 (extra: fast)
`);
  });

  it('goes on where an extra of a package above is asked for, which is more than the package', () => {
    const text = treeText(
      graph(['a'], found('a', ['b', 'x => c'], { extras: ['x'] }), found('b', ['a[x]']), found('c')),
      WHOLE,
    );
    expect(lines(text)).toBe(`
a 1.0
└── b 1.0
    └── a[x] 1.0
        ├── b 1.0 (cycle)
        └── c 1.0 (extra: x)
(cycle) leads back to a package above it
`);
  });

  it('joins the conditions of several requirements on the same thing', () => {
    const text = treeText(
      graph(
        ['a'],
        found('a', ['b<2; python_version < "3.12"', 'b>=2; python_version >= "3.12" and sys_platform == "linux"']),
        found('b'),
      ),
      WHOLE,
    );
    expect(lines(text)).toBe(`
a 1.0
└── b 1.0 ; python_version < "3.12" or python_version >= "3.12" and sys_platform == "linux"
`);
  });

  it('ends at a depth, and marks what it cuts', () => {
    const deep = graph(['a'], found('a', ['b', 'c']), found('b', ['c']), found('c', ['d']), found('d'));
    expect(lines(treeText(deep, { depth: 0 }))).toBe(`
a 1.0 …
… its subtree is cut by --depth
`);
    expect(lines(treeText(deep, { depth: 2 }))).toBe(`
a 1.0
├── b 1.0
│   └── c 1.0 …
└── c 1.0
    └── d 1.0
… its subtree is cut by --depth
`);
  });

  it('shows a subtree again that the depth cut where it came first', () => {
    const text = treeText(
      graph(['a', 'c'], found('a', ['b']), found('b', ['c']), found('c', ['d']), found('d', ['e']), found('e')),
      { depth: 3 },
    );
    expect(lines(text)).toBe(`
a 1.0
└── b 1.0
    └── c 1.0
        └── d 1.0 …
c 1.0
└── d 1.0
    └── e 1.0
… its subtree is cut by --depth
`);
  });

  it('marks what is yanked and tells where it comes from by address', () => {
    const text = treeText(
      graph(['a', 'b @ git+https://git.test/b@0123'], found('a', [], { yanked: 'broken' }), found('b')),
      WHOLE,
    );
    expect(lines(text)).toBe(`
a 1.0 (yanked)
b 1.0 @ git+https://git.test/b@0123
`);
  });

  it('lets no control character of a marker through', () => {
    const text = treeText(graph(['a; os_name == "\u001b[31m\nx"'], found('a')), WHOLE);
    expect(text).toBe('a 1.0 ; os_name == "[31m x"\n');
  });
});

describe('the tree of who needs it', () => {
  const pantry = graph(
    ['kettle[tea]>=1', 'toaster'],
    found('kettle', ['saucer>=1', 'tea => leaves', 'colorama; sys_platform == "darwin"'], { extras: ['tea'] }),
    found('toaster', ['saucer<3,>=1.5', 'bread']),
    found('saucer', ['clay']),
    found('clay'),
    found('leaves', ['clay']),
    found('colorama'),
    found('bread'),
  );

  it('goes up to what was asked for, with the requirement of each', () => {
    expect(lines(invertedTreeText(pantry, { name: 'clay', depth: null }))).toBe(`
clay 1.0
├── leaves 1.0 [requires clay]
│   └── kettle[tea] 1.0 [requires leaves] (requested)
└── saucer 1.0 [requires clay]
    ├── kettle 1.0 [requires saucer>=1] (requested)
    └── toaster 1.0 [requires saucer<3,>=1.5] (requested)
`);
  });

  it('tells the condition', () => {
    expect(lines(invertedTreeText(pantry, { name: 'colorama', depth: null }))).toBe(`
colorama 1.0
└── kettle 1.0 [requires colorama] ; sys_platform == "darwin" (requested)
`);
  });

  it('is one line for what only the user asks for', () => {
    expect(invertedTreeText(pantry, { name: 'toaster', depth: null })).toBe('toaster 1.0 (requested)\n');
  });

  it('ends at a depth', () => {
    expect(lines(invertedTreeText(pantry, { name: 'clay', depth: 1 }))).toBe(`
clay 1.0
├── leaves 1.0 [requires clay] …
└── saucer 1.0 [requires clay] …
… its subtree is cut by --depth
`);
  });

  it('goes on only from those who ask for the extra that needs it', () => {
    const text = invertedTreeText(
      graph(
        ['a', 'b'],
        found('a', ['kettle']),
        found('b', ['kettle[all]']),
        found('kettle', ['all => kettle[tea]', 'tea => leaves'], { extras: ['all', 'tea'] }),
        found('leaves'),
      ),
      { name: 'leaves', depth: null },
    );
    expect(lines(text)).toBe(`
leaves 1.0
└── kettle[tea] 1.0 [requires leaves]
    └── b 1.0 [requires kettle[all]] (requested)
`);
  });

  it('marks cycles, and subtrees that are shown above', () => {
    const text = invertedTreeText(
      graph(['a'], found('a', ['b', 'c']), found('b', ['c']), found('c', ['a', 'd']), found('d', ['b'])),
      { name: 'c', depth: null },
    );
    expect(lines(text)).toBe(`
c 1.0
├── a 1.0 [requires c] (requested)
│   └── c 1.0 [requires a] (cycle)
└── b 1.0 [requires c]
    ├── a 1.0 [requires b] (requested) (*)
    └── d 1.0 [requires b]
        └── c 1.0 [requires d] (cycle)
(*) its subtree is shown above
(cycle) leads back to a package above it
`);
  });
});

describe('the graph as JSON', () => {
  it('has roots, packages with their requirements, and notes', () => {
    const text = treeJson(
      graph(['b[x]>=1'], found('b', ['x => a; os_name == "posix"'], { extras: ['x'] }), found('a')),
      [{ kind: 'warning', text: 'old', project: 'a' }],
    );
    expect(JSON.parse(text)).toEqual({
      form: 1,
      roots: [{ name: 'b', extras: ['x'], requirement: 'b[x]>=1', marker: null }],
      packages: [
        { name: 'a', version: '1.0', extras: [], yanked: null, requirements: [] },
        {
          name: 'b',
          version: '1.0',
          extras: ['x'],
          yanked: null,
          requirements: [{ name: 'a', extras: [], requirement: 'a', marker: 'os_name == "posix"', extra: 'x' }],
        },
      ],
      notes: [{ kind: 'warning', text: 'old', project: 'a' }],
    });
    expect(text.endsWith('}\n')).toBe(true);
  });
});
