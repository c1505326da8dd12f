import { describe, expect, it } from 'vitest';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { dialectFor } from '../../src/nix/dialect.ts';
import { packageExpression, packageFunction } from '../../src/nix/package-expression.ts';
import { printExpression } from '../../src/nix/print.ts';
import { setScope } from '../../src/nix/scope.ts';
import { packageFacts, python, system, toPrint } from './support/facts.ts';

const MODERN = dialectFor('24.05');
const OLD = dialectFor('16.03');

function modern(facts: PackageFacts): string {
  return printExpression(packageFunction(toPrint(facts), { dialect: MODERN, shadowedBy: 'pkgs' }).expression);
}

function old(facts: PackageFacts): string {
  const scope = setScope({ defined: new Set(OLD.groups.flat()) });
  return printExpression(packageExpression(toPrint(facts), { dialect: OLD, scope }).expression);
}

/** The value of one attribute as it is printed, without the indentation of the set. */
function attribute(text: string, name: string): string | null {
  const lines = text.split('\n').map((line) => line.replace(/^ {2}/u, ''));
  const start = lines.findIndex((line) => line.startsWith(`${name} =`));
  if (start === -1) return null;
  const end = lines.findIndex((line, index) => index >= start && /^\S.*;$|^\S*\);$/u.test(line));
  return lines.slice(start, end + 1).join('\n');
}

describe('a whole package in the form of 24.05', () => {
  it('has its attributes and arguments in the order that nixpkgs knows', () => {
    const facts = packageFacts({
      name: 'rich-demo',
      version: '2.0',
      source: { kind: 'sdist', filename: 'Rich_Demo-2.0.zip', sha256: 'ab'.repeat(32), url: 'https://files.test/x' },
      inputs: {
        'build-system': [python('setuptools'), python('cython', { marker: 'implementation_name == "cpython"' })],
        nativeBuildInputs: [system('pkg-config'), system('cmake')],
        buildInputs: [system('libxml2'), system('zlib')],
        dependencies: [
          python('numpy'),
          python('dask', { extras: ['complete'] }),
          python('tomli', { marker: 'python_version < "3.11"' }),
        ],
        nativeCheckInputs: [python('pytest'), python('hypothesis')],
      },
      optionalDependencies: { redis: [python('redis')], all: [python('redis'), python('numpy')] },
      check: { runner: 'pytest' },
      disabled: { requiresPython: '>=3.12' },
      relaxDeps: ['numpy'],
      removeDeps: ['b', 'a'],
      env: { ZLIB: [{ attribute: 'zlib', output: 'dev' }, '/include'] },
      text: { postPatch: ['rm x\n'], preConfigure: ['y'], preCheck: ['export HOME=$TMPDIR\n'] },
      reasons: { buildInputs: 'the bindings link both', env: 'setup.py looks for it there' },
      disabledTests: [{ test: 'test_b', reason: 'needs the network' }],
      disabledTestPaths: [{ test: 'tests/gui.py', reason: 'needs a display' }],
      importsCheck: ['rich_demo'],
      meta: {
        description: 'Demo',
        homepage: 'https://demo.test',
        changelog: 'https://demo.test/2.0',
        licences: [{ spdx: 'MIT' }, { spdx: 'Apache-2.0' }],
        mainProgram: 'demo',
      },
    });
    expect(modern(facts)).toMatchInlineSnapshot(`
      "{
        lib,
        buildPythonPackage,
        fetchPypi,
        isPyPy,
        pkgs,
        pythonOlder,

        # build-system
        cython,
        pythonRelaxDepsHook,
        setuptools,

        # native libraries
        pkg-config,
        zlib,

        # dependencies
        dask,
        numpy,
        tomli,

        # optional-dependencies
        redis,

        # tests
        hypothesis,
        pytestCheckHook,
      }:

      buildPythonPackage rec {
        pname = "rich-demo";
        version = "2.0";
        pyproject = true;

        disabled = pythonOlder "3.12";

        src = fetchPypi {
          pname = "Rich_Demo";
          inherit version;
          extension = "zip";
          hash = "sha256-q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";
        };

        postPatch = ''
          rm x
        '';

        build-system = [ setuptools ] ++ lib.optionals (!isPyPy) [ cython ];

        nativeBuildInputs = [
          pkgs.cmake
          pkg-config
          pythonRelaxDepsHook
        ];

        # the bindings link both
        buildInputs = [
          pkgs.libxml2
          zlib
        ];

        pythonRelaxDeps = [ "numpy" ];

        pythonRemoveDeps = [
          "a"
          "b"
        ];

        dependencies = [
          dask
          numpy
        ]
        ++ dask.optional-dependencies.complete
        ++ lib.optionals (pythonOlder "3.11") [ tomli ];

        optional-dependencies = {
          all = [
            numpy
            redis
          ];
          redis = [ redis ];
        };

        # setup.py looks for it there
        env = {
          ZLIB = "\${lib.getDev zlib}/include";
        };

        preConfigure = ''
          y
        '';

        nativeCheckInputs = [
          hypothesis
          pytestCheckHook
        ];

        preCheck = ''
          export HOME=$TMPDIR
        '';

        disabledTests = [
          # needs the network
          "test_b"
        ];

        disabledTestPaths = [
          # needs a display
          "tests/gui.py"
        ];

        pythonImportsCheck = [ "rich_demo" ];

        meta = {
          description = "Demo";
          homepage = "https://demo.test";
          changelog = "https://demo.test/2.0";
          license = [
            lib.licenses.mit
            lib.licenses.asl20
          ];
          mainProgram = "demo";
        };
      }
      "
    `);
  });
});

describe('inputs', () => {
  it('are sorted, whatever order they come in', () => {
    const facts = packageFacts({ inputs: { dependencies: [python('b'), python('a'), python('c')] } });
    expect(attribute(modern(facts), 'dependencies')).toBe('dependencies = [\n  a\n  b\n  c\n];');
  });

  it('under a condition come after the others, those of one condition together', () => {
    const old3 = { marker: 'python_version < "3.11"' };
    const facts = packageFacts({
      inputs: {
        dependencies: [
          python('y', old3),
          python('x', old3),
          python('z', { marker: 'sys_platform == "darwin"' }),
          python('a'),
        ],
      },
    });
    expect(attribute(modern(facts), 'dependencies')).toBe(
      'dependencies = [\n  a\n]\n++ lib.optionals (pythonOlder "3.11") [\n  x\n  y\n]\n++ lib.optionals stdenv.hostPlatform.isDarwin [ z ];',
    );
  });

  it('that are there anyway are not named again under a condition', () => {
    const facts = packageFacts({
      inputs: { dependencies: [python('a'), python('a', { marker: 'python_version < "3.11"' })] },
    });
    expect(attribute(modern(facts), 'dependencies')).toBe('dependencies = [ a ];');
  });

  it('with extras bring the optional dependencies of the other package', () => {
    const facts = packageFacts({ inputs: { dependencies: [python('dask', { extras: ['complete', '3d'] })] } });
    expect(attribute(modern(facts), 'dependencies')).toBe(
      'dependencies = [ dask ] ++ dask.optional-dependencies."3d" ++ dask.optional-dependencies.complete;',
    );
  });

  it('whose marker holds nowhere are left out with a note', () => {
    const facts = packageFacts({
      inputs: { dependencies: [python('colorama', { marker: 'sys_platform == "win32"' })] },
    });
    const { expression, notes } = packageFunction(toPrint(facts), { dialect: MODERN, shadowedBy: 'pkgs' });
    expect(attribute(printExpression(expression), 'dependencies')).toBeNull();
    expect(notes).toEqual([expect.objectContaining({ kind: 'omitted', text: expect.stringContaining('colorama') })]);
  });

  it('that are no names of arguments, or would take the place of one, come from the set', () => {
    const facts = packageFacts({
      inputs: { dependencies: [python('3to2'), python('lib'), python('version'), python('with'), python('true')] },
    });
    const text = modern(facts);
    expect(attribute(text, 'dependencies')).toBe(
      'dependencies = [\n  python.pkgs."3to2"\n  python.pkgs.lib\n  python.pkgs.true\n  python.pkgs.version\n  python.pkgs."with"\n];',
    );
    expect(text).toContain('{\n  buildPythonPackage,\n  fetchPypi,\n  python,\n}:\n');
  });

  it('of the system that share their name with a Python package come from pkgs', () => {
    const facts = packageFacts({
      inputs: {
        buildInputs: [system('libxml2'), system('zlib'), system('xorg.libX11')],
        dependencies: [python('zlib')],
      },
    });
    const text = modern(facts);
    expect(attribute(text, 'buildInputs')).toBe('buildInputs = [\n  pkgs.libxml2\n  xorg.libX11\n  pkgs.zlib\n];');
    expect(text).toContain('  pkgs,\n\n  # native libraries\n  xorg,\n\n  # dependencies\n  zlib,\n}:');
  });

  it('that are left out are named with the reason', () => {
    const facts = packageFacts({
      check: { runner: 'pytest' },
      omissions: [{ list: 'nativeCheckInputs', name: 'pytest-odd', reason: 'not in the package set' }],
    });
    expect(modern(facts)).toContain(
      '  # pytest-odd is left out: not in the package set\n  nativeCheckInputs = [ pytestCheckHook ];',
    );
  });

  it('that are all left out leave an empty list with the reason', () => {
    const facts = packageFacts({
      omissions: [{ list: 'optional-dependencies', name: 'docs', reason: 'sphinx-odd is missing' }],
    });
    expect(modern(facts)).toContain('  # docs is left out: sphinx-odd is missing\n  optional-dependencies = { };');
  });
});

describe('checks', () => {
  it.each([
    ['pytest', 'pytestCheckHook'],
    ['unittest', 'unittestCheckHook'],
  ] as const)('with %s use the hook that brings it', (runner, hook) => {
    const facts = packageFacts({
      check: { runner },
      inputs: { nativeCheckInputs: [python('mock'), ...(runner === 'pytest' ? [python('pytest')] : [])] },
    });
    expect(attribute(modern(facts), 'nativeCheckInputs')).toBe(`nativeCheckInputs = [\n  mock\n  ${hook}\n];`);
  });

  it('that are off have their reason and no inputs, in both forms', () => {
    const facts = packageFacts({
      check: { runner: 'pytest', enabled: false, reason: 'pytest needs pluggy' },
      inputs: { nativeCheckInputs: [python('pytest')] },
      disabledTests: [{ test: 'test_x', reason: 'y' }],
    });
    for (const text of [modern(facts), old(facts)]) {
      expect(text).toContain('  # pytest needs pluggy\n  doCheck = false;');
      expect(text).not.toMatch(/pytest(?:CheckHook)?,|CheckInputs|buildInputs|disabledTests/u);
    }
  });

  it('that are left out one by one stand under their reasons', () => {
    const facts = packageFacts({
      check: { runner: 'pytest' },
      disabledTests: [
        { test: 'test_b', reason: 'slow' },
        { test: 'test_c', reason: 'network' },
        { test: 'test_a', reason: 'slow' },
      ],
    });
    expect(attribute(modern(facts), 'disabledTests')).toBe(
      'disabledTests = [\n  # slow\n  "test_a"\n  "test_b"\n  # network\n  "test_c"\n];',
    );
  });
});

describe('the source', () => {
  const fetched = (filename: string, version = '1.0', kind: 'sdist' | 'wheel' = 'sdist'): string | null => {
    const source = { kind, filename, sha256: 'cd'.repeat(32), url: `https://files.test/${filename}` };
    return attribute(modern(packageFacts({ name: 'demo-x', version, source })), 'src');
  };
  const HASH = 'hash = "sha256-zc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc0=";';

  it.each([
    ['demo-x-1.0.tar.gz', 'inherit pname version;'],
    ['demo_x-1.0.tar.gz', 'pname = "demo_x";\n  inherit version;'],
    ['Demo.X-1.0.zip', 'pname = "Demo.X";\n  inherit version;\n  extension = "zip";'],
  ])('%s is fetched by the stem of its name', (filename, names) => {
    expect(fetched(filename)).toBe(`src = fetchPypi {\n  ${names}\n  ${HASH}\n};`);
  });

  it('whose name has another spelling of the version is fetched by its address', () => {
    expect(fetched('demo-x-1.0-1.tar.gz', '1.0.post1')).toBe(
      `src = fetchurl {\n  url = "mirror://pypi/d/demo-x/demo-x-1.0-1.tar.gz";\n  ${HASH}\n};`,
    );
  });

  it('whose name cannot be one in the store gets one', () => {
    expect(fetched('demo-x-1!2.0.tar.gz', '1!2.0')).toContain('name = "demo-x-1-2.0.tar.gz";');
  });

  it('that is a wheel names its tags', () => {
    expect(fetched('demo_x-1.0-cp313-abi3-manylinux_2_17_x86_64.whl', '1.0', 'wheel')).toBe(
      `src = fetchPypi {\n  pname = "demo_x";\n  inherit version;\n  format = "wheel";\n  dist = "cp313";\n  python = "cp313";\n  abi = "abi3";\n  platform = "manylinux_2_17_x86_64";\n  ${HASH}\n};`,
    );
  });

  it('that is a wheel with an epoch in its version has a name that the store takes', () => {
    const text = fetched('demo-1!1.0-py3-none-any.whl', '1!1.0', 'wheel');
    expect(text).toContain('src = fetchurl {');
    expect(text).toContain('name = "demo-1-1.0-py3-none-any.whl";');
  });

  it('that is a wheel has no pyproject and no build system', () => {
    const source = {
      kind: 'wheel',
      filename: 'demo-1.0-py3-none-any.whl',
      sha256: 'cd'.repeat(32),
      url: 'https://files.test/x',
    } as const;
    const text = modern(packageFacts({ source, inputs: { 'build-system': [python('setuptools')] } }));
    expect(text).toContain('format = "wheel";');
    expect(text).not.toMatch(/pyproject|build-system|setuptools/u);
  });

  it('that is a wheel is refused where the builder takes none', () => {
    const source = {
      kind: 'wheel',
      filename: 'demo-1.0-py3-none-any.whl',
      sha256: 'cd'.repeat(32),
      url: 'https://files.test/x',
    } as const;
    expect(() => old(packageFacts({ source }))).toThrow(expect.objectContaining({ code: 'E_WHEEL_NOT_SUPPORTED' }));
  });

  it('from outside PyPI is fetched by the address that its index gives, of which nothing is code', () => {
    const facts = packageFacts({
      source: {
        kind: 'sdist',
        filename: 'demo-1.0.tar.gz',
        sha256: 'cd'.repeat(32),
        url: 'https://files.test/${x}"/demo-1.0.tar.gz',
      },
    });
    const { expression } = packageFunction(
      { ...toPrint(facts), fetchFrom: 'url' },
      { dialect: MODERN, shadowedBy: 'pkgs' },
    );
    expect(attribute(printExpression(expression), 'src')).toContain(
      'url = "https://files.test/\\${x}\\"/demo-1.0.tar.gz";',
    );
  });

  it.each([
    ['hex', `sha256 = "${'0'.repeat(64)}";`],
    ['base32', `sha256 = "${'0'.repeat(52)}";`],
    ['sri', 'hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";'],
  ] as const)('has its digest as %s when that is asked for', (hash, line) => {
    const { expression } = packageFunction(
      { ...toPrint(packageFacts()), hash },
      { dialect: MODERN, shadowedBy: 'pkgs' },
    );
    expect(printExpression(expression)).toContain(line);
  });

  it('cannot have an SRI digest in an old release', () => {
    const scope = setScope({ defined: new Set() });
    expect(() => packageExpression({ ...toPrint(packageFacts()), hash: 'sri' }, { dialect: OLD, scope })).toThrow(
      expect.objectContaining({ code: 'E_HASH_FORM', exit: 2 }),
    );
  });
});

describe('meta', () => {
  it('names only licences that exist and says which do not', () => {
    const facts = packageFacts({
      meta: { licences: [{ spdx: 'MIT' }, { spdx: 'LicenseRef-Odd' }, { text: 'my\nown' }] },
    });
    const { expression, notes } = packageFunction(toPrint(facts), { dialect: MODERN, shadowedBy: 'pkgs' });
    expect(attribute(printExpression(expression), 'meta')).toBe(
      'meta = {\n  # lib.licenses has no name for the licence LicenseRef-Odd\n  # lib.licenses has no name for the licence my own\n  license = lib.licenses.mit;\n};',
    );
    expect(notes).toHaveLength(2);
  });

  it.each([
    ['A data language', 'Data language'],
    ['an index', 'Index'],
    ['The best', 'Best'],
    ['Another one', 'Another one'],
    ['A', 'A'],
    ['plugin and hook calling', 'Plugin and hook calling'],
    ['iPython in a box', 'iPython in a box'],
    ['Demo is a package which packs', 'Package which packs'],
    ['demo: packing made easy', 'Packing made easy'],
    ['demo -- iPacks for Python', 'iPacks for Python'],
    ['Demo isolates packs', 'Demo isolates packs'],
    ['demos are the best', 'Demos are the best'],
  ])('states the description %s as nixpkgs wants it', (description, expected) => {
    expect(attribute(modern(packageFacts({ meta: { description } })), 'meta')).toBe(
      `meta = {\n  description = "${expected}";\n};`,
    );
  });

  it('is safe against texts from outside', () => {
    const facts = packageFacts({
      meta: { description: 'X "b" ${c}\n\u001b[31m\u202ed', homepage: 'https://x.test/${y}' },
    });
    expect(attribute(modern(facts), 'meta')).toBe(
      'meta = {\n  description = "X \\"b\\" \\${c} [31md";\n  homepage = "https://x.test/\\${y}";\n};',
    );
  });

  it('has the maintainers that were asked for', () => {
    const { expression } = packageFunction(
      { ...toPrint(packageFacts()), maintainers: ['somebody', 'else-one'] },
      { dialect: MODERN, shadowedBy: 'pkgs' },
    );
    expect(printExpression(expression)).toContain(
      '    maintainers = [\n      lib.maintainers.somebody\n      lib.maintainers.else-one\n    ];',
    );
  });
});

describe('the form of 16.03', () => {
  it('puts everything that is not needed at run time into buildInputs', () => {
    const facts = packageFacts({
      inputs: {
        'build-system': [python('setuptools'), python('cython')],
        nativeBuildInputs: [system('pkgconfig')],
        buildInputs: [system('zlib')],
        dependencies: [python('six'), python('enum34', { marker: 'python_version < "3.4"' })],
        nativeCheckInputs: [python('pytest')],
      },
      check: { runner: 'pytest' },
      importsCheck: ['demo'],
      relaxDeps: ['six'],
      optionalDependencies: { x: [python('y')] },
    });
    expect(old(facts)).toBe(`buildPythonPackage rec {
  name = "demo-\${version}";
  version = "1.0";

  src = pkgs.fetchurl {
    url = "mirror://pypi/d/demo/\${name}.tar.gz";
    sha256 = "${'0'.repeat(64)}";
  };

  buildInputs = [
    pkgs.pkgconfig
    pkgs.zlib
  ]
  ++ (with self; [
    cython
    pytest
  ]);
  propagatedBuildInputs =
    (with self; [ six ])
    ++ pkgs.lib.optionals (pkgs.lib.versionOlder self.python.pythonVersion "3.4") [ self.enum34 ];
}
`);
  });

  it('keeps the epoch of a version out of the name of the derivation, in which `!` cannot stand', () => {
    const text = old(packageFacts({ version: '1!2.0' }));
    expect(text).toContain('name = "demo-1-2.0";');
    expect(text).toContain('version = "1!2.0";');
  });

  it('reaches names that mean something else inside of `with` by the set', () => {
    const facts = packageFacts({
      inputs: { dependencies: [python('map'), python('pkgs'), python('3to2'), python('version'), python('six')] },
    });
    expect(attribute(old(facts), 'propagatedBuildInputs')).toBe(
      'propagatedBuildInputs = with self; [\n  self."3to2"\n  self.map\n  self.pkgs\n  six\n  self.version\n];',
    );
  });

  it('says what it cannot express', () => {
    const facts = packageFacts({
      inputs: { dependencies: [python('celery', { extras: ['redis'] })] },
      check: { runner: 'pytest' },
      disabledTests: [{ test: 'test_x', reason: 'y' }],
    });
    const { notes } = packageExpression(toPrint(facts), { dialect: OLD, scope: setScope({ defined: new Set() }) });
    expect(notes.map(({ text }) => text)).toEqual([
      'the extra redis of celery is left out: packages of nixpkgs 16.03 have no extras',
      'disabledTests has no counterpart in nixpkgs 16.03: these tests run',
    ]);
  });
});

describe('a script that replaces text', () => {
  const facts = packageFacts({
    text: { postPatch: ["substituteInPlace a.py \\\n  --replace-fail 'x --replace-failed' y\n"] },
  });

  it('has --replace-fail where substituteInPlace knows it', () => {
    expect(modern(facts)).toContain("--replace-fail 'x --replace-failed' y");
  });

  it('has --replace for older releases, which know no other', () => {
    expect(old(facts)).toContain("  --replace 'x --replace-failed' y");
  });
});

describe('what tests need to be prepared', () => {
  const prepared = (given: Partial<PackageFacts> = {}): PackageFacts =>
    packageFacts({
      check: {
        runner: 'pytest',
        enabled: null,
        reason: null,
        preparation: [
          {
            script: 'export PATH=$out/bin:$PATH',
            origin: { kind: 'inference', text: 'the tests run the program boil' },
          },
          { script: 'rm -r kettle', origin: { kind: 'inference', text: 'these sources hide the installed package' } },
        ],
      },
      ...given,
    });

  it('runs before them, with its reasons', () => {
    expect(modern(prepared())).toContain(`
  # the tests run the program boil
  # these sources hide the installed package
  preCheck = ''
    export PATH=$out/bin:$PATH
    rm -r kettle
  '';
`);
  });

  it('gives way to the script of a rule', () => {
    const text = modern(prepared({ text: { preCheck: ['cd tests\n'] } }));
    expect(text).toContain("preCheck = ''\n    cd tests\n  '';");
    expect(text).not.toContain('kettle');
  });

  it('is left out where the builder tests the sources, and where no tests run', () => {
    expect(old(prepared())).not.toContain('preCheck');
    const check = { ...prepared().check, enabled: false, reason: 'they need a network' };
    expect(modern(prepared({ check }))).not.toContain('preCheck');
  });
});
