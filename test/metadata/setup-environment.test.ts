import { describe, expect, it } from 'vitest';
import { readScript } from './support/setup.ts';

describe('what setup.py asks of its environment', () => {
  it('is known where all interpreters of the targets were built alike', () => {
    const script = `import sysconfig
from setuptools import setup
setup(install_requires=["a"] if sysconfig.get_config_var("Py_GIL_DISABLED") else ["b"])
`;
    expect(readScript(script).facts.installRequires).toMatchObject({ kind: 'known', value: ['b'] });
  });

  it('is unknown for any other variable of their configuration', () => {
    const script = `import sysconfig
from setuptools import setup
setup(install_requires=["a"] if sysconfig.get_config_var("LDFLAGS") else ["b"])
`;
    expect(readScript(script).facts.installRequires).toMatchObject({
      kind: 'unknown',
      why: 'depends on sysconfig.get_config_var() of LDFLAGS',
    });
  });

  const EXTENSIONS = (libraries: string) => `import platform_of_the_day
from setuptools import Extension, setup
extensions = [Extension("it.a", ["a.c"], libraries=["z"])]
if platform_of_the_day.is_good():
    extensions.append(Extension("it.b", ["b.c"]${libraries}))
setup(ext_modules=extensions)
`;

  it('leaves the libraries known where no side of an unknown condition adds any', () => {
    expect(readScript(EXTENSIONS('')).facts.libraries).toMatchObject({ kind: 'known', value: ['z'] });
  });

  it('leaves the libraries unknown where one side adds some', () => {
    expect(readScript(EXTENSIONS(', libraries=["x"]')).facts.libraries).toMatchObject({
      kind: 'unknown',
      why: 'depends on platform_of_the_day.is_good()',
    });
  });

  it('leaves requirements unknown that an unknown condition adds', () => {
    const script = `import platform_of_the_day
from setuptools import setup
requires = ["a"]
if platform_of_the_day.is_good():
    requires.append("b")
setup(install_requires=requires)
`;
    expect(readScript(script).facts.installRequires).toMatchObject({ kind: 'unknown' });
  });

  it('does not grow lists without bounds', () => {
    const script = `import sometimes
from setuptools import setup
requires = []
for i in range(100):
    if sometimes.it_is():
        requires.insert(0, "a")
setup(install_requires=requires)
`;
    expect(readScript(script).facts.installRequires).toMatchObject({ kind: 'unknown' });
  });

  it('does not take a folder that is not there for an empty one', () => {
    const script = 'import os\nfrom setuptools import setup\nsetup(install_requires=os.listdir("wanted"))\n';
    expect(readScript(script).facts.installRequires).toMatchObject({
      kind: 'unknown',
      why: 'lists wanted, which the sdist does not have',
    });
    expect(readScript(script, { 'wanted/a': '' }).facts.installRequires).toMatchObject({ value: ['a'] });
  });

  it('may be a module of the sdist that it loads by its file', () => {
    const script = `from importlib.util import module_from_spec, spec_from_file_location
from setuptools import setup
spec = spec_from_file_location("constants", "./it/_constants.py")
constants = module_from_spec(spec)
spec.loader.exec_module(constants)
setup(license=constants.__license__)
`;
    const facts = readScript(script, { 'it/_constants.py': '__license__ = "MIT"\n' }).facts;
    expect(facts.license).toMatchObject({ kind: 'known', value: 'MIT' });
  });
});

describe('the build tools themselves', () => {
  it('mean what they mean everywhere in an sdist that has them', () => {
    const script =
      'import setuptools\nsetuptools.setup(setup_requires=["a"], url="https://it.test/" + "an_it".title())\n';
    const { facts } = readScript(script, {
      'setuptools/__init__.py': 'def setup(**attrs):\n    return Command(attrs)\n',
    });
    expect(facts.setupRequires).toMatchObject({ value: ['a'] });
    expect(facts.url).toMatchObject({ value: 'https://it.test/An_It' });
  });
});
