// Compiles one package from src/ to dist/ with SWC: plain JavaScript, decorators resolved.
import { transformFile } from '@swc/core';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { swcOptions } from './swc-options.mjs';

export async function compilePackage(folder) {
  const from = join(folder, 'src');
  const to = join(folder, 'dist');
  await rm(to, { recursive: true, force: true });
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const sources = entries
    .filter((entry) => entry.isFile() && /(?<!\.d|\.spec)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('/fixtures/'));
  await Promise.all(
    sources.map(async (source) => {
      const target = join(to, relative(from, source)).replace(/\.ts$/, '.js');
      const { code, map } = await transformFile(source, { ...swcOptions, sourceMaps: true, swcrc: false });
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
      await writeFile(`${target}.map`, map);
    }),
  );
}
