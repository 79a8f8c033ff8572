// Follows the steps of a Dockerfile in folders of its own, without a container engine: the same COPY and RUN, in the same
// order, from the files that .dockerignore lets in. What it cannot do is the base image: Node and the shell are this
// machine's. An instruction that it does not know fails, so that no step is passed over.
import dockerignore, { type Ignore } from '@balena/dockerignore';
import { DockerfileParser, type Copy, type Env, type From, type ImageTemplate, type Instruction } from 'dockerfile-ast';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../boundary/run-node.js';

// The package is CommonJS and its types are of a module: what is imported is the function itself.
const ignore = dockerignore as unknown as () => Ignore;

/** What is left after the last step of a stage. */
export interface Stage {
  /** Its root folder. */
  readonly root: string;
  readonly workdir: string;
  readonly user: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: string | undefined;
}

/** All stages by their names, in the order of the file. `dir` is empty before. */
export async function followDockerfile(dir: string): Promise<ReadonlyMap<string, Stage>> {
  const dockerfile = DockerfileParser.parse(await readFile(join(root, 'Dockerfile'), 'utf8'));
  const stages = new Map<string, Stage>();
  for (const template of templatesOf(dockerfile.getInstructions())) {
    const name = template.from.getBuildStage() ?? '';
    let stage = await beginStage(join(dir, name), stages.get(template.from.getImage() ?? ''));
    for (const instruction of template.steps) stage = await step(stage, instruction, stages);
    stages.set(name, stage);
  }
  return stages;
}

interface Template {
  readonly from: From;
  readonly steps: Instruction[];
}

function templatesOf(instructions: ReturnType<ImageTemplate['getInstructions']>): Template[] {
  const templates: Template[] = [];
  for (const instruction of instructions) {
    if (instruction.getKeyword() === 'FROM') templates.push({ from: instruction as From, steps: [] });
    else templates.at(-1)?.steps.push(instruction);
  }
  return templates;
}

/** A stage that begins from another has its files: links are shared, since no step changes a file that it was given. */
async function beginStage(folder: string, from: Stage | undefined): Promise<Stage> {
  const empty = { workdir: '/', user: undefined, environment: {}, entrypoint: [], command: [], healthcheck: undefined };
  await mkdir(dirname(folder), { recursive: true });
  if (from === undefined) await mkdir(folder);
  else await run(dirname(folder), 'cp', ['--archive', '--link', from.root, folder]);
  return { ...empty, ...from, root: folder };
}

async function step(stage: Stage, instruction: Instruction, stages: ReadonlyMap<string, Stage>): Promise<Stage> {
  const raw = instruction.getArgumentsContent() ?? '';
  switch (instruction.getKeyword()) {
    case 'WORKDIR':
      await mkdir(join(stage.root, raw), { recursive: true });
      return { ...stage, workdir: raw };
    case 'COPY':
      await copy(stage, instruction as Copy, stages);
      return stage;
    case 'RUN':
      if (/(^|[\s="'])\//.test(raw)) throw new Error(`RUN ${raw}: an absolute path cannot be followed here`);
      await run(join(stage.root, stage.workdir), 'sh', ['-c', raw], stage.environment);
      return stage;
    case 'ENV': {
      const given = (instruction as Env).getProperties().map((each) => [each.getName(), each.getValue() ?? '']);
      return { ...stage, environment: { ...stage.environment, ...(Object.fromEntries(given) as object) } };
    }
    case 'USER':
      return { ...stage, user: raw };
    case 'ENTRYPOINT':
      return { ...stage, entrypoint: JSON.parse(raw) as string[] };
    case 'CMD':
      return { ...stage, command: JSON.parse(raw) as string[] };
    case 'HEALTHCHECK':
      return { ...stage, healthcheck: raw };
    case 'EXPOSE':
    case 'STOPSIGNAL':
      return stage;
    default:
      throw new Error(`${instruction.getKeyword()} cannot be followed here`);
  }
}

async function copy(stage: Stage, instruction: Copy, stages: ReadonlyMap<string, Stage>): Promise<void> {
  const [source = '', target = ''] = instruction.getArguments().map((argument) => argument.getValue());
  const to = join(stage.root, stage.workdir, target);
  const from = instruction.getFromFlag()?.getValue();
  if (typeof from === 'string') {
    const other = stages.get(from);
    if (other === undefined) throw new Error(`no stage ${from} before this one`);
    await cp(join(other.root, source), to, { recursive: true, verbatimSymlinks: true });
    return;
  }
  if (source !== '.') throw new Error(`COPY ${source}: only the whole context can be copied here`);
  await copyContext(to);
}

/** Everything of this repository that .dockerignore lets in. */
export async function copyContext(to: string): Promise<void> {
  const isIgnored = await contextRules();
  const skipped = new Set(['node_modules', '.git', 'dist']); // not walked into: they are large
  for (const path of (await filesUnder(root, skipped)).filter((path) => !isIgnored(path))) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await cp(join(root, path), join(to, path));
  }
}

async function contextRules(): Promise<(path: string) => boolean> {
  const rules = ignore().add(await readFile(join(root, '.dockerignore'), 'utf8'));
  for (const folder of ['node_modules/x', '.git/x', 'libs/web/dist/x'])
    if (!rules.ignores(folder)) throw new Error(`.dockerignore lets ${folder} in`);
  return (path) => rules.ignores(path);
}

async function filesUnder(folder: string, skipped: ReadonlySet<string>, inside = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
    const path = join(inside, entry.name);
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory() && !skipped.has(entry.name)) found.push(...(await filesUnder(folder, skipped, path)));
  }
  return found;
}

async function run(cwd: string, command: string, args: readonly string[], environment = {}): Promise<void> {
  // What jest needs of Node is not for these programs, and a step must not find the packages of this workspace.
  const env = { ...process.env, NODE_OPTIONS: '', NODE_PATH: '', ...environment };
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}:\n${out}${err}`);
}
