import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

/** A Nix in which the build of the kettle never ends, and that is no longer there once the saucer has failed. */
const NIX = `#!${process.execPath}
const { existsSync, rmSync, writeFileSync } = require('node:fs');
const { basename } = require('node:path');
const args = process.argv.slice(2);
const drv = (name, at) => '/nix/store/' + String(at).padStart(32, '0') + '-' + name + '-1.0.drv';
if (basename(process.argv[1]) === 'nix-instantiate') {
  if (args[0] === '--parse') process.exit(0);
  const wanted = JSON.parse(args[args.indexOf('packages') + 1]);
  process.stdout.write(JSON.stringify(wanted.map(({ attribute }, at) => ({ drv: drv(attribute, at), interpreter: '3.13', version: '1.0', inputs: [], modules: [] }))));
} else if (args[0] === '--query') process.stdout.write(args.at(-1) + '\\n');
else if (args.at(-1).includes('kettle')) {
  writeFileSync(process.env.BUILDING, String(process.pid));
  setInterval(() => undefined, 1000);
} else {
  const wait = setInterval(() => {
    if (!existsSync(process.env.BUILDING)) return;
    clearInterval(wait);
    rmSync(process.argv[1]);
    process.exit(1);
  }, 20);
}
`;

describe('a check that cannot go on', () => {
  it('ends the builds that are under way', async () => {
    const { folder } = bench();
    for (const project of ['kettle', 'saucer']) {
      await mkdir(path.join(folder, 'out', 'pkgs', project), { recursive: true });
      await writeFile(path.join(folder, 'out', 'pkgs', project, 'default.nix'), '{ }: { }\n');
    }
    const calls = '  kettle = final.callPackage ./pkgs/kettle { };\n  saucer = final.callPackage ./pkgs/saucer { };\n';
    await writeFile(path.join(folder, 'out', 'overlay.nix'), `final: prev: {\n${calls}}\n`);
    await writeFile(path.join(folder, 'out', 'default.nix'), '{ pkgs }: { }\n');
    const bin = path.join(folder, '.bin');
    await mkdir(bin);
    for (const name of ['nix-instantiate', 'nix-store']) {
      await writeFile(path.join(bin, name), NIX);
      await chmod(path.join(bin, name), 0o755);
    }
    const building = path.join(folder, 'building');

    const { code, stderr } = await bench().run(['check', 'out', '--nixpkgs', '/nixpkgs', '--build', '--jobs', '2'], {
      PATH: bin,
      BUILDING: building,
    });

    expect(stderr).toContain('[E_NIX_MISSING]');
    expect(code).toBe(69);
    const pid = Number(await readFile(building, 'utf8'));
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
