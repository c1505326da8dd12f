import type { PackageFacts } from '../../../src/classify/package-facts.ts';
import { packageFacts, python, system } from './facts.ts';

/** The four packages of the 16.03 golden file. */
export const SEED_PACKAGES: readonly PackageFacts[] = [
  packageFacts({
    name: 'toolz',
    version: '0.7.4',
    source: {
      kind: 'sdist',
      filename: 'toolz-0.7.4.tar.gz',
      sha256: '43c2c9e5e7a16b6c88ba3088a9bfc82f7db8e13378be7c78d6c14a5f8ed05afd',
      url: 'https://files.test/toolz-0.7.4.tar.gz',
    },
    inputs: { 'build-system': [python('setuptools')] },
    check: { runner: 'pytest' },
    importsCheck: ['toolz'],
    meta: {
      description: 'List processing tools and functional utilities',
      homepage: 'http://github.com/pytoolz/toolz/',
      licences: [{ spdx: 'BSD-3-Clause' }],
    },
  }),
  packageFacts({
    name: 'datashape',
    version: '0.4.7',
    source: {
      kind: 'sdist',
      filename: 'datashape-0.4.7.tar.gz',
      sha256: '14b2ef766d4c9652ab813182e866f493475e65e558bed0822e38bf07bba1a278',
      url: 'https://files.test/datashape-0.4.7.tar.gz',
    },
    inputs: {
      'build-system': [python('setuptools')],
      dependencies: [python('python-dateutil'), python('numpy', { specifier: '>=1.7' }), python('multipledispatch')],
      nativeCheckInputs: [python('pytest')],
    },
    check: { runner: 'pytest' },
    importsCheck: ['datashape'],
    meta: {
      description: 'A data description language',
      homepage: 'http://datashape.readthedocs.org/en/latest/',
      licences: [{ spdx: 'BSD-2-Clause' }],
    },
  }),
  packageFacts({
    name: 'lxml',
    version: '3.4.4',
    source: {
      kind: 'sdist',
      filename: 'lxml-3.4.4.tar.gz',
      sha256: 'b3d362bac471172747cda3513238f115cbd6c5f8b8e6319bf6a97a7892724099',
      url: 'https://files.test/lxml-3.4.4.tar.gz',
    },
    inputs: { 'build-system': [python('setuptools')], buildInputs: [system('libxslt'), system('libxml2')] },
    importsCheck: ['lxml'],
    meta: {
      description: 'Powerful and Pythonic XML processing library combining libxml2/libxslt with the ElementTree API',
      homepage: 'http://lxml.de/',
      licences: [{ spdx: 'BSD-3-Clause' }],
    },
  }),
  packageFacts({
    name: 'pyfftw',
    version: '0.9.2',
    source: {
      kind: 'sdist',
      filename: 'pyFFTW-0.9.2.tar.gz',
      sha256: 'f6bbb6afa93085409ab24885a1a3cdb8909f095a142f4d49e346f2bd1b789074',
      url: 'https://files.test/pyFFTW-0.9.2.tar.gz',
    },
    inputs: {
      'build-system': [python('setuptools')],
      buildInputs: [system('fftwLongDouble'), system('fftw'), system('fftwFloat')],
      dependencies: [python('scipy'), python('numpy')],
    },
    check: { runner: 'unittest', enabled: false, reason: 'Tests cannot import pyfftw; pyfftw works fine though.' },
    text: {
      preConfigure: [
        ...[
          'export LDFLAGS="-L',
          { attribute: 'fftw', output: 'lib' } as const,
          '/lib -L',
          { attribute: 'fftwFloat', output: 'lib' } as const,
        ],
        ...['/lib -L', { attribute: 'fftwLongDouble', output: 'lib' } as const, '/lib"\n'],
        ...[
          'export CFLAGS="-I',
          { attribute: 'fftw', output: 'dev' } as const,
          '/include -I',
          { attribute: 'fftwFloat', output: 'dev' } as const,
        ],
        ...['/include -I', { attribute: 'fftwLongDouble', output: 'dev' } as const, '/include"\n'],
      ],
    },
    importsCheck: ['pyfftw'],
    meta: {
      description:
        'A pythonic wrapper around FFTW, the FFT library, presenting a unified interface for all the supported transforms',
      homepage: 'http://hgomersall.github.com/pyFFTW/',
      licences: [{ spdx: 'GPL-3.0-or-later' }],
    },
  }),
];

/** The two packages of the golden file in the modern form. */
export const MODERN_PACKAGES: readonly PackageFacts[] = [
  packageFacts({
    name: 'toolz',
    version: '1.2.0',
    source: {
      kind: 'sdist',
      filename: 'toolz-1.2.0.tar.gz',
      sha256: '9667a038e9d6ecba37995e26cb2f59ec6420b6ad8dd9677de59db9b956b08490',
      url: 'https://files.test/toolz-1.2.0.tar.gz',
    },
    inputs: {
      'build-system': [
        python('setuptools', { specifier: '>=77' }),
        python('setuptools-git-versioning', { specifier: '>=2.0' }),
      ],
      nativeCheckInputs: [python('pytest')],
    },
    check: { runner: 'pytest' },
    importsCheck: ['toolz', 'tlz'],
    meta: {
      description: 'List processing tools and functional utilities',
      homepage: 'https://github.com/pytoolz/toolz',
      licences: [{ spdx: 'BSD-3-Clause' }],
    },
  }),
  packageFacts({
    name: 'datashape',
    version: '0.5.2',
    source: {
      kind: 'sdist',
      filename: 'datashape-0.5.2.tar.gz',
      sha256: '2356ea690c3cf003c1468a243a9063144235de45b080b3652de4f3d44e57d783',
      url: 'https://files.test/datashape-0.5.2.tar.gz',
    },
    inputs: {
      'build-system': [python('versioneer'), python('setuptools')],
      dependencies: [python('python-dateutil'), python('multipledispatch', { specifier: '>=0.4.7' }), python('numpy')],
      nativeCheckInputs: [python('pytest')],
    },
    check: { runner: 'pytest' },
    text: { postPatch: ['rm versioneer.py\n'] },
    reasons: {
      postPatch: "the sdist's versioneer 0.15 needs configparser.SafeConfigParser, which Python 3.12 removed",
    },
    disabledTests: [
      ...disabled('np.unicode_ is gone from NumPy 2', [
        'test_string_from_CType_classmethod',
        'test_from_numpy_dtype_fails',
      ]),
      ...disabled('pytest marks among the parameters', [
        'test_arbitrary_string[s4]',
        'test_arbitrary_string[s5]',
        'test_arbitrary_string[s6]',
      ]),
      ...disabled('np.issubdtype does not take int for int32 any more', [
        ...['test_nested_iteratables', 'test_tuples_can_be_records_too', 'test_validate', 'test_validate_dicts'],
      ]),
    ],
    importsCheck: ['datashape'],
    meta: {
      description: 'Data description language',
      homepage: 'http://datashape.readthedocs.org/en/latest/',
      licences: [{ spdx: 'BSD-2-Clause' }],
    },
  }),
];

function disabled(reason: string, tests: readonly string[]): { test: string; reason: string }[] {
  return tests.map((test) => ({ test, reason }));
}
