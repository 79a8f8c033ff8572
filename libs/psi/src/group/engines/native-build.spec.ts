import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// On a copy of its folder: without a compiler, the build removes what an earlier one made.
const native = fileURLToPath(new URL('../../../native', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anonymesh-native-'));
  cpSync(native, folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the build of the native kernel', () => {
  it('says so and is no failure where there is no C compiler, and leaves no kernel of other sources', () => {
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'dist', 'kernel.node'), 'of an earlier build');
    const env = { PATH: join(folder, 'nothing-is-here') };
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'build.mjs')], { env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([
      0,
      'no native kernel: no C compiler is installed here; the WebAssembly kernel is used\n',
    ]);
    expect(existsSync(join(folder, 'dist'))).toBe(false);
  });
});
