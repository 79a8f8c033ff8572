// Makes of the programs of the apps, which their package.json names, files in dist/ that hold all that they are made of,
// compiled before: found and read one by one, two thousand modules take Node five times as long and twice the memory.
// What programs share is in dist/chunks/. Nothing is renamed or made shorter: a fault still names its function.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';

// Loaded from where they are: two start workers from files of their own, and what decorators write to must be there before
// any is used, which the order of a bundle does not promise.
const own = ['pino', 'piscina', 'reflect-metadata'];
// What packages ask for only if it is installed, and drivers that nobody here uses.
const absent = [
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  '@grpc/*',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  '@nestjs/websockets/*',
  'amqp-connection-manager',
  'amqplib',
  'better-sqlite3',
  'chokidar',
  'class-transformer',
  'class-transformer/*',
  'class-validator',
  'ioredis',
  'kafkajs',
  'mariadb',
  'mariadb/*',
  'mqtt',
  'mysql',
  'nats',
  'oracledb',
  'pg-native',
  'pg-query-stream',
  'sqlite3',
  'tedious',
];
// Packages written for CommonJS find here what Node gives to those.
const commonJs = `const { filename: __filename, dirname: __dirname } = import.meta;
const require = process.getBuiltinModule('module').createRequire(import.meta.url);`;
const workspace = '@workspace@';

/** Of these apps below `root`, which are compiled there with all that they use; of all, unless told. */
export async function bundlePrograms(root, apps = readdirSync(join(root, 'apps'))) {
  const folder = join(root, 'dist');
  rmSync(folder, { recursive: true, force: true });
  const { outputFiles } = await build({
    entryPoints: apps.flatMap((app) => programsOf(root, app)),
    outdir: folder,
    chunkNames: 'chunks/[hash]',
    bundle: true,
    splitting: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    conditions: [],
    external: [...own, ...absent],
    banner: { js: commonJs },
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [placesKept(root)],
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text.replaceAll(workspace, relative(dirname(path), root)));
  }
}

function programsOf(root, app) {
  const { programs = [] } = JSON.parse(readFileSync(join(root, 'apps', app, 'package.json'), 'utf8'));
  return programs.map((name) => ({ in: join(root, 'apps', app, 'dist', `${name}.js`), out: `${app}/${name}` }));
}

/** A module's `import.meta.url` stays the place that it had: pages, kernels and child processes are found from there. */
function placesKept(root) {
  return {
    name: 'places-kept',
    setup({ onLoad }) {
      onLoad({ filter: /[/\\](?:apps|libs|examples)[/\\](?:.+[/\\])?dist[/\\].+\.js$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (path.includes('node_modules') || !text.includes('import.meta.url')) return undefined;
        const place = `new URL('${workspace}/${relative(root, path)}', import.meta.url).href`;
        return { contents: text.replaceAll('import.meta.url', place), loader: 'js' };
      });
    },
  };
}
