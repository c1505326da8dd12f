import { describe, expect, it } from 'vitest';
import { makeSdist } from '../support/archives.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

async function publish(name: string, version: string, setup: string): Promise<void> {
  const files = {
    'PKG-INFO': `Metadata-Version: 1.1\nName: ${name}\nVersion: ${version}\nLicense: MIT\n\n`,
    'setup.py': `from setuptools import setup\nsetup(name='${name}', version='${version}', py_modules=[], ${setup})\n`,
  };
  bench().index.project(name, [await makeSdist(name, version, files)]);
}

describe('a package set whose versions are known', () => {
  it('gives way to a generated package where a build requirement excludes its version, for everybody who needs it', async () => {
    await publish('top', '1.0', "install_requires=['six', 'low']");
    await publish('low', '1.0', "setup_requires=['six>=99']");
    await publish('six', '99.0', '');

    const { code, stdout, stderr } = await bench().run(['--release', '16.03', 'top']);

    expect([code, stderr.match(/six is generated.*/gu)]).toEqual([
      0,
      ['six is generated: the package set has 1.10.0, low asks for >=99'],
    ]);
    expect(stdout).toContain('  six = buildPythonPackage rec {');
  });

  it('keeps what its builder needs, and says which bound that breaks', async () => {
    await publish('top', '1.0', "setup_requires=['setuptools>=999']");

    const { code, stdout, stderr } = await bench().run(['--release', '16.03', 'top']);

    expect(code).toBe(0);
    expect(stdout).not.toContain('setuptools =');
    expect(stderr).toMatch(/warning: top: to be built it asks for setuptools>=999, and [\d.]+ is used\n/u);
  });

  it('gives way to a generated packaging in a release whose builder does without it', async () => {
    await publish('top', '1.0', "setup_requires=['packaging>=20']");
    await publish('packaging', '21.3', '');

    const { code, stdout } = await bench().run(['--release', '18.03', 'top']);

    expect(code).toBe(0);
    expect(stdout).toContain('  packaging = final.callPackage (');
  });
});
