// Compiles one package from src/ to dist/ with SWC: plain JavaScript, decorators resolved. What pages are made of,
// templates, styles and browsers' scripts, goes along as it is.
import { transformFile } from '@swc/core';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { swcOptions } from './swc-options.mjs';

export async function compilePackage(folder) {
  const from = join(folder, 'src');
  const to = join(folder, 'dist');
  await rm(to, { recursive: true, force: true });
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('/fixtures/'));
  const sources = files.filter((file) => /(?<!\.d|\.spec)\.ts$/.test(file));
  for (const file of files.filter((each) => /\.(njk|css|svg|js)$/.test(each))) {
    const target = join(to, relative(from, file));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file, target);
  }
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
