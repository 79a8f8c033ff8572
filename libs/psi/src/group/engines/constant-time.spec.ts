import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openNativeKernel } from './native-kernel.js';

// The native kernel's scalars, weights and points must decide neither a branch nor an address (docs/decisions/0010).
const native = fileURLToPath(new URL('../../../native', import.meta.url));
const compiler = ['cc', 'gcc', 'clang'].find((command) => spawnSync(command, ['--version']).status === 0);
const hasValgrind = spawnSync('valgrind', ['--version']).status === 0 && existsSync('/usr/include/valgrind/memcheck.h');
const isWhole = process.env['PSI_PROOF'] === 'whole';
const kernel = openNativeKernel();
const vectors = ['-O3', '-mavx512f', '-mavx512vl', '-mavx512dq', '-mavx512ifma'];

/** A fault that a compiler, or one of us, could make: what is right in a source, and the same with a fault. */
type Fault = readonly [what: string, file: string, right: string, wrong: string];

const planted: readonly Fault[] = [
  [
    'a branch on a digit of the scalar',
    'multiple.h',
    'select_multiple(&next, table, half->of[index]);',
    'if (half->of[index]) select_multiple(&next, table, half->of[index]); else next = no_addend();',
  ],
  [
    'an address by a digit of the scalar',
    'multiple.h',
    'select_multiple(&next, table, half->of[index]);',
    'next = table[half->of[index] & 7];',
  ],
  [
    'a branch on a weight',
    'kernel.c',
    'add_weighted(&b->sum, &b->points[at / LANES], weight);',
    'if (weight[0]) add_weighted(&b->sum, &b->points[at / LANES], weight);',
  ],
  [
    'a branch on a point',
    'element.h',
    'return choose(mask, negate(a), a);',
    'return mask[0] ? choose(mask, negate(a), a) : choose(~mask, a, negate(a));',
  ],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anonymesh-constant-time-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Compiles one of native/check with a copy of the kernel's source, with that fault in it. */
function compiled(check: string, options: readonly string[], fault?: Fault): string {
  const at = mkdtempSync(join(folder, 'build-'));
  cpSync(join(native, 'source'), at, { recursive: true });
  cpSync(join(native, 'check'), at, { recursive: true });
  if (fault !== undefined) {
    const [, file, right, wrong] = fault;
    const source = readFileSync(join(at, file), 'utf8');
    // The last of its kind: in the loop.
    const from = source.lastIndexOf(right);
    expect(from).toBeGreaterThan(0);
    writeFileSync(join(at, file), source.slice(0, from) + wrong + source.slice(from + right.length));
  }
  const program = join(at, 'program');
  const sources = [join(at, 'kernel.c'), join(at, `${check}.c`)];
  const args = ['-std=gnu11', '-Wno-psabi', ...options, `-I${at}`, ...sources, '-o', program];
  const { status, stderr } = spawnSync(compiler ?? '', args, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return program;
}

const grind = (program: string) => spawnSync('valgrind', ['-q', '--error-exitcode=99', program], { encoding: 'utf8' });

(hasValgrind && compiler ? describe : describe.skip)('the native kernel, lane by lane under valgrind', () => {
  it.each(['-O1', '-O2', '-O3'])('decides nothing by a secret, compiled with %s', (level) => {
    const { status, stderr } = grind(compiled('undefined-secrets', [level, '-DCHECK_SECRETS']));
    expect([status, stderr]).toEqual([0, '']);
  });

  it.each(planted)('would be found out with %s', (...fault) => {
    const { status, stderr } = grind(compiled('undefined-secrets', ['-O2', '-DCHECK_SECRETS'], fault));
    expect(status).toBe(99);
    expect(stderr).toMatch(/depends on uninitialised value|Use of uninitialised value/);
  });

  (kernel === undefined ? it.skip : it)('computes what it computes with AVX-512', () => {
    const output = (options: readonly string[]) =>
      spawnSync(compiled('undefined-secrets', ['-DITEMS=17', ...options]), { encoding: 'utf8' }).stdout;
    expect(output(['-O2', '-DCHECK_SECRETS'])).toMatch(/^[0-9a-f]{3000,}\n$/);
    expect(output(['-O2', '-DCHECK_SECRETS'])).toBe(output(vectors));
  });
});

/** What a kernel leaves behind that forgets to overwrite something. */
const forgotten: readonly Fault[] = [
  ['the stack below it', 'wipe.h', 'wipe(below, sizeof below);', 'wipe(below, 64);'],
  ['the memory of a block', 'kernel.c', 'wipe(b, sizeof *b);', 'wipe(b, 64);'],
  ['the memory of digests', 'kernel.c', 'wipe(&h, sizeof h);', 'wipe(&h, 64);'],
];

(compiler ? describe : describe.skip)('what the native kernel leaves behind', () => {
  const left = (...built: [options: readonly string[], fault?: Fault]) =>
    spawnSync(compiled('left-secrets', ...built), { encoding: 'utf8' });

  it.each(kernel === undefined ? [['-O2']] : [['-O2'], vectors])(
    'is nothing of its secrets, compiled with %s',
    (...options) => {
      const { status, stdout } = left(['-DITEMS=17', ...options]);
      expect([status, stdout]).toEqual([0, '']);
    },
  );

  it.each(forgotten)('would be found out with %s', (...fault) => {
    const { status, stdout } = left(['-O2', '-DITEMS=17'], fault);
    expect([status, stdout]).toEqual([1, expect.stringContaining('bytes in its stack')]);
  });

  (kernel === undefined ? it.skip : it)('would be found out in the vectors', () => {
    const fault: Fault = ['in vectors', 'wipe.h', '    "vzeroall\\n"\n', '    "vpxorq %%zmm0, %%zmm0, %%zmm0\\n"\n'];
    const { status, stdout } = left(['-DITEMS=17', ...vectors], fault);
    expect([status, stdout]).toEqual([1, expect.stringContaining('bytes in its vectors')]);
  });
});

(kernel !== undefined && compiler && isWhole ? describe : describe.skip)('the native kernel, step by step', () => {
  it('goes the same way whatever the secrets are', () => {
    const { status, stdout } = spawnSync(compiled('traced-secrets', vectors), { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(Number(stdout.split(' ')[0])).toBeGreaterThan(400_000);
  }, 600_000);

  it('would be found out with a branch on a digit of the scalar', () => {
    const { status } = spawnSync(compiled('traced-secrets', vectors, planted[0]), { encoding: 'utf8' });
    expect(status).toBe(1);
  }, 600_000);
});
