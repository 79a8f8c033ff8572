// What the images hold, and that they run: the Dockerfile's own steps are followed in an empty folder, and a whole mesh is
// started from what they leave.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { samples } from '@anonymesh/examples';
import { glibcLimits, nodeOptionsOf } from '@anonymesh/founding';
import { enginesHere } from '@anonymesh/psi';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { allowedImports, libraries, parties, vocabularies } from '../../boundaries.mjs';
import { startTestMesh } from '../mesh/start-test-mesh.js';
import { followDockerfile, type Stage } from './follow-dockerfile.js';

const run = promisify(execFile);
const apps = Object.values(parties).map(({ app }) => app);
let dir = '';
let stages: ReadonlyMap<string, Stage>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'anonymesh-images-'));
  stages = await followDockerfile(dir);
}, 1_200_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

function image(app: string): Stage {
  const stage = stages.get(app);
  if (stage === undefined) throw new Error(`the Dockerfile has no target ${app}`);
  return stage;
}

const folderOf = (app: string) => join(image(app).root, image(app).workdir);
const allFiles = (app: string) => readdir(folderOf(app), { recursive: true });

/** The libraries that an app may import, and those that these may, and so on. */
function reachable(app: string): string[] {
  const found = new Set(allowedImports(app));
  for (const name of found) for (const further of libraries[name] ?? []) found.add(further);
  return [...found].sort();
}

describe.each(apps)('the image of %s', (app) => {
  it('holds this app, the libraries that boundaries.mjs lets it reach, and no other code of ours', async () => {
    const own = (await readdir(join(folderOf(app), 'node_modules', '@anonymesh'))).filter((name) => name !== app);
    expect(own.filter((name) => !reachable(app).includes(name))).toEqual([]);
    const { speaks } = Object.values(parties).find((party) => party.app === app) ?? { speaks: [] };
    const spoken = speaks.map((vocabulary) => vocabularies[vocabulary]);
    expect(own.filter((name) => name.startsWith('protocol')).sort()).toEqual([...spoken].sort());
    expect(await readdir(join(folderOf(app), 'apps'))).toEqual([app]);
    expect((await readdir(join(folderOf(app), 'dist'))).sort()).toEqual([app, 'chunks'].sort());
    for (const folder of ['tests', 'bench', 'examples', 'scripts']) {
      expect(await readdir(folderOf(app))).not.toContain(folder);
    }
  });

  it('holds compiled code alone, and no tools to build or test with', async () => {
    const files = await allFiles(app);
    const ours = files.filter((path) => /^(apps|libs)\//.test(path) && !path.includes('node_modules/'));
    expect(ours.length).toBeGreaterThan(20);
    expect(ours.filter((path) => /(^|\/)src(\/|$)|\.spec\.|(?<!\.d)\.ts$/.test(path))).toEqual([]);
    const tools = ['typescript', 'jest', '@swc', 'eslint', 'nx', 'node', 'assemblyscript', 'fast-check', '@openmined'];
    expect(tools.filter((name) => files.includes(`node_modules/${name}`))).toEqual([]);
  });

  it('holds no key, no token and no config: they are mounted', async () => {
    const files = await allFiles(app);
    const inside = files.filter((path) => /\.(pem|seed|key|env)$|(^|\/)config\.yaml$/.test(path));
    expect(inside.filter((path) => !/^node_modules\/(?!@anonymesh)/.test(path))).toEqual([]);
  });

  it('runs as nobody in particular, says how it is, and starts from the config that is mounted', () => {
    const { user, environment, healthcheck, entrypoint, command } = image(app);
    expect(user).toBe('1000:1000');
    expect(environment).toEqual({ NODE_ENV: 'production', ...glibcLimits });
    expect(healthcheck).toContain('/health/ready');
    expect(entrypoint).toEqual(['node', ...nodeOptionsOf(app), `dist/${app}/main.js`]);
    expect(command).toEqual(['--config', '/etc/anonymesh/config.yaml']);
  });
});

describe('the image of lqi', () => {
  it('multiplies points with the same engine as this workspace', async () => {
    const script = "const { enginesHere } = await import('@anonymesh/psi'); console.log((await enginesHere()).join())";
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: folderOf('lqi') });
    expect(stdout.trim().split(',')).toEqual(await enginesHere());
  });
});

describe('a mesh of which every app runs from its image', () => {
  it('answers a check, and explains it', async () => {
    const mesh = await startTestMesh({ mainOf: (app) => join(folderOf(app), `dist/${app}/main.js`) });
    try {
      for (const { id, app } of mesh.parties) {
        const line = await readFile(`/proc/${String(mesh.child(id).pid)}/cmdline`, 'utf8');
        expect(line).toContain(folderOf(app));
      }
      const [person] = samples;
      if (person === undefined) throw new Error('there is no sample person');
      const { queryId, reference } = await mesh.ask(person);
      const { outcome } = await mesh.ended(queryId);
      expect(outcome).toBe(person.outcome);
      expect((await mesh.explain(person, reference)).holders).toEqual([...person.concerns].sort());
    } finally {
      await mesh.end();
    }
  });
});
