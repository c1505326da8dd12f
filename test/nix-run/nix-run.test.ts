import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evaluateJson, lastMessages } from '../../src/nix-run/evaluate.ts';
import { nixVersion } from '../../src/nix-run/find-nix.ts';
import { runNix } from '../../src/nix-run/nix-process.ts';
import { describeWithNix } from '../support/nix.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'nix-run-'));
  await mkdir(path.join(folder, 'bin'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A made-up `nix-instantiate` before the usual PATH. */
async function madeUpNix(script: string): Promise<Record<string, string>> {
  const file = path.join(folder, 'bin', 'nix-instantiate');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return { PATH: `${path.join(folder, 'bin')}:${process.env.PATH ?? ''}` };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const withoutNix = (): Record<string, string> => ({ PATH: path.join(folder, 'bin') });

describe('a command of Nix', () => {
  it('gives its output, its messages and its exit code', async () => {
    const environment = await madeUpNix('echo out; echo message >&2; exit 3');
    expect(await runNix('nix-instantiate', [], { environment })).toEqual({
      status: 3,
      stdout: 'out\n',
      stderr: 'message\n',
    });
  });

  it('gets its arguments without a shell', async () => {
    const environment = await madeUpNix('printf "%s|" "$@"');
    const { stdout } = await runNix('nix-instantiate', ['a b', '$HOME', "'; exit 1"], { environment });
    expect(stdout).toBe("a b|$HOME|'; exit 1|");
  });

  it('has an empty standard input unless it is given one', async () => {
    const environment = await madeUpNix('cat');
    expect((await runNix('nix-instantiate', [], { environment })).stdout).toBe('');
    expect((await runNix('nix-instantiate', [], { environment, input: 'text' })).stdout).toBe('text');
  });

  it('tells its messages as they come', async () => {
    const environment = await madeUpNix('echo one >&2; echo two >&2');
    let told = '';
    await runNix('nix-instantiate', [], {
      environment,
      onStderr: (text) => {
        told += text;
      },
    });
    expect(told).toBe('one\ntwo\n');
  });

  it('is ended when it prints more than the limit', async () => {
    const environment = await madeUpNix('while :; do echo 0123456789; done');
    const { status, stderr } = await runNix('nix-instantiate', [], { environment, outputLimit: 1000 });
    expect(status).toBeNull();
    expect(stderr).toContain('more than 1000 bytes');
  });

  it('is ended by its signal', async () => {
    const environment = await madeUpNix('echo started >&2; exec sleep 60');
    const stop = new AbortController();
    const { status } = await runNix('nix-instantiate', [], {
      environment,
      signal: stop.signal,
      onStderr: () => stop.abort(),
    });
    expect(status).toBeNull();
  });

  it('ends with the program that started it', async () => {
    const file = path.join(folder, 'pid');
    const environment = await madeUpNix(`echo $$ > '${file}'; echo started >&2; exec sleep 60`);
    const module = new URL('../../src/nix-run/nix-process.ts', import.meta.url).href;
    const options = `{ environment: ${JSON.stringify(environment)}, onStderr: () => process.exit(3) }`;
    const program = `import(${JSON.stringify(module)}).then(({ runNix }) => runNix('nix-instantiate', [], ${options}))`;
    const tsx = import.meta.resolve('tsx');
    expect(spawnSync(process.execPath, ['--import', tsx, '-e', program]).status).toBe(3);
    const pid = Number(await readFile(file, 'utf8'));
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });

  it('is not started after its signal', async () => {
    const environment = await madeUpNix('echo started');
    const result = await runNix('nix-instantiate', [], { environment, signal: AbortSignal.abort() });
    expect(result).toEqual({ status: null, stdout: '', stderr: '' });
  });

  it('that is missing is told with how to get Nix', async () => {
    await expect(runNix('nix-build', [], { environment: withoutNix() })).rejects.toMatchObject({
      code: 'E_NIX_MISSING',
      message: 'nix-build is not on PATH',
      exit: 69,
      hint: expect.stringContaining('install Nix'),
    });
  });
});

describe('the version of Nix', () => {
  it.each([
    ['nix-instantiate (Nix) 2.8.0', '2.8.0'],
    ['nix-instantiate (Nix) 2.24pre20240605_ab12cd3', '2.24pre20240605_ab12cd3'],
    ['nix-instantiate (Lix, like Nix) 2.91.1', '2.91.1'],
    ['nix-instantiate (Determinate Nix 3.0.0) 2.26.3', '2.26.3'],
    ['something else', null],
  ])('is read from `%s`', async (said, version) => {
    expect(await nixVersion({ environment: await madeUpNix(`echo '${said}'`) })).toBe(version);
  });

  it('is null where there is no Nix', async () => {
    expect(await nixVersion({ environment: withoutNix() })).toBeNull();
  });
});

describe('an evaluation', () => {
  it('gives the expression by standard input and the arguments beside it', async () => {
    const environment = await madeUpNix('test "$(cat)" = "{ a }: a" || exit 1; printf "\\"%s\\"" "$*"');
    const value = await evaluateJson('{ a }: a', { environment, arguments: ['--argstr', 'a', 'text'] });
    expect(value).toBe('--eval --strict --json --argstr a text -');
  });

  it('that fails ends with the last lines of the trace, without colours', async () => {
    const environment = await madeUpNix(`printf 'trace\\n\\033[31;1merror:\\033[0m undefined variable\\n' >&2; exit 1`);
    await expect(evaluateJson('x', { environment })).rejects.toMatchObject({
      code: 'E_NIX_EVALUATION',
      message: 'Nix could not evaluate:\ntrace\nerror: undefined variable',
    });
  });

  it('that prints no JSON is a failure of Nix', async () => {
    const environment = await madeUpNix('echo "<LAMBDA>"');
    await expect(evaluateJson('x', { environment })).rejects.toMatchObject({ code: 'E_NIX_EVALUATION' });
  });

  it('keeps only the end of a long trace', () => {
    expect(lastMessages('1\n2\n3\n4\n\n', 2)).toBe('3\n4');
  });
});

describeWithNix('an evaluation with Nix', () => {
  const environment = { ...process.env };

  it('gives the value of an expression of any length', async () => {
    const long = 'a'.repeat(300_000);
    expect(
      await evaluateJson(`{ text }: { length = builtins.stringLength "${long}"; inherit text; }`, {
        environment,
        arguments: ['--argstr', 'text', '${1 + 1} "quoted"'],
      }),
    ).toEqual({ length: 300_000, text: '${1 + 1} "quoted"' });
  });

  it('tells what Nix says of an expression that is wrong', async () => {
    await expect(evaluateJson('{ }.missing', { environment })).rejects.toThrow("attribute 'missing' missing");
  });
});
