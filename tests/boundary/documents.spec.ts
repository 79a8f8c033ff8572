// Whoever writes a node by docs/protocol.md must find in it what the code does; an administrator must find every
// dependency, and every link must lead somewhere.
import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { glob, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { agreement, fieldFormat, refusalCode, setStage } from '@anonymesh/protocol';
import { matchedWord } from '@anonymesh/protocol-answering';
import { outcomeCode, outcomeWord } from '@anonymesh/protocol-outcome';
import { z } from 'zod';
import { hops } from '../../boundaries.mjs';
import { shots } from '../browser/shots.js';
import { nameOf, declaredMessages } from './declared-messages.js';
import { documents, marked, readDocument, tableRows } from './documents.js';
import { root } from './run-node.js';

const protocol = await readDocument('docs/protocol.md');
/** Words in code type; blocks of code are no words. */
const quoted = (text: string) =>
  [...text.replace(/^```[^]*?^```$/gm, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** What looks like the path of a file or a folder of this repository, in code type or in a block of code. */
function pathsIn(text: string): string[] {
  const code = [...quoted(text), ...(text.match(/^```[^]*?^```$/gm) ?? [])].join('\n');
  const found =
    code.match(/(?<![\w/.@<>:*-])(apps|libs|tests|examples|docs|deploy|scripts|bench)\/[^\s`'"(),;:]*/g) ?? [];
  const isMade = /\/dist\/|^deploy\/founded\//;
  return found.filter((path) => !/[*<{…]/.test(path) && !isMade.test(path));
}

const sizeOf = (wanted: string) => declaredMessages.find((message) => nameOf(message) === wanted)?.size;

/** The messages that a cell names: one that is in a relay and on its own as `name (relayed)` and `name (inside)`. */
function messageNames(cell: string): string[] {
  const [, suffix = ''] = /` (\(relayed\))$/.exec(cell) ?? [];
  return quoted(cell).map((name) => (suffix === '' ? name : `${name} ${suffix}`));
}

async function sources(folders: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for await (const path of glob(
    folders.map((folder) => `${folder}/src/**/*.ts`),
    { cwd: root },
  )) {
    if (!path.endsWith('.spec.ts')) texts.push(await readFile(join(root, path), 'utf8'));
  }
  return texts.join('\n');
}

describe('docs/protocol.md', () => {
  it('has every hop of boundaries.mjs in its table, and no other', () => {
    const [, ...rows] = tableRows(marked(protocol, 'hops'));
    const expected = hops.map((hop) => [
      `\`${hop.message}\``,
      `${hop.from} → ${hop.to}`,
      hop.vocabulary,
      `\`${hop.subject}\``,
      hop.carried,
    ]);
    expect(rows).toEqual(expected);
  });

  it('names every label and type of signature that the code uses, and none that it does not', async () => {
    const code = await sources([
      'libs/protocol/*',
      'libs/blind',
      'libs/trust',
      'libs/psi',
      'libs/evidence',
      'libs/receipts',
      'apps/*',
    ]);
    const label = /anonymesh\/[a-z/-]+\/v\d+|anonymesh-[a-z-]+[a-z](?![\w-])/g;
    const used = new Set(code.match(new RegExp(`(?<=')(${label.source})(?=')`, 'g')));
    expect(used.size).toBeGreaterThan(10);
    expect([...new Set(protocol.match(label))].sort()).toEqual([...used].sort());
  });

  it('has the sizes of what is padded', async () => {
    const said = new Map(tableRows(marked(protocol, 'sizes')).map(([what = '', bytes = '']) => [what, bytes]));
    const listed = [...said.keys()].flatMap(messageNames);
    const padded = declaredMessages.filter(({ size }) => size !== undefined);
    expect(listed.sort()).toEqual(padded.map(nameOf).sort());
    for (const [what, bytes] of said)
      for (const name of messageNames(what)) expect([name, bytes]).toEqual([name, String(sizeOf(name))]);
    const sizeIn = async (path: string) => /^const size = (\d+);$/m.exec(await readDocument(path))?.[1];
    expect(said.get('slip (section 8)')).toBe(await sizeIn('libs/protocol/asking/src/slip.ts'));
    expect(said.get('explanation (section 8)')).toBe(await sizeIn('libs/protocol/answering/src/explanation.ts'));
  });

  it('says how much each message may attach', () => {
    const [, ...rows] = tableRows(marked(protocol, 'attachments'));
    const attaching = declaredMessages.flatMap(({ name, attaches }) =>
      attaches === undefined ? [] : [[`\`${name}\``, String(attaches.most)]],
    );
    expect(rows.sort()).toEqual(attaching.sort());
  });

  it('has a row of section 1.1 for every declared message', () => {
    const [bodies = ''] = protocol.split('### 1.1 Bodies')[1]?.split('\n### ') ?? [];
    const [, ...rows] = tableRows(bodies);
    expect(rows.flatMap(([name = '']) => messageNames(name)).sort()).toEqual(declaredMessages.map(nameOf).sort());
  });

  it('has the domain separation tag of the points', async () => {
    const source = await readDocument('libs/psi/src/group/hash-input.ts');
    const tag = /`(anonymesh-psi-v1-[^`]+)`/.exec(source)?.[1]?.replace('${queryId}', '<query ID>');
    expect(tag).toContain('_XMD:SHA-512_');
    expect(quoted(protocol)).toContain(tag);
  });

  it('lists the closed codes', () => {
    expect(quoted(marked(protocol, 'codes'))).toEqual(refusalCode.options);
    const words = [outcomeCode, outcomeWord, fieldFormat, setStage, matchedWord].flatMap(({ options }) => options);
    expect(quoted(protocol)).toEqual(expect.arrayContaining(words));
  });

  it('has every section to which the code refers', async () => {
    const code = await sources(['libs/protocol/*', 'libs/*', 'apps/*']);
    const referred = [...code.matchAll(/docs\/protocol\.md,? section (\d+)/g)].map(([, number]) => number);
    expect(referred.length).toBeGreaterThan(5);
    expect(referred.filter((number) => !protocol.includes(`\n## ${number}. `))).toEqual([]);
  });
});

type Schema = z.core.JSONSchema.JSONSchema;

/** Keys of an agreement, and the keys of what they hold, as `parties.name`. */
function keysIn(schema: Schema, depth = 2): string[] {
  const { properties, items, additionalProperties, anyOf = [] } = schema;
  const inside = [items, additionalProperties, ...anyOf].filter((each) => typeof each === 'object');
  const looked: Record<string, z.core.JSONSchema._JSONSchema> = depth > 0 ? (properties ?? {}) : {};
  const own = Object.entries(looked).flatMap(([key, value]) =>
    typeof value === 'object' ? [key, ...keysIn(value, depth - 1).map((each) => `${key}.${each}`)] : [key],
  );
  return [...own, ...inside.flatMap((each) => keysIn(each as Schema, depth))];
}

describe('docs/agreements.md', () => {
  it('has every key of an agreement in its table, and none that there is not', async () => {
    const [, ...rows] = tableRows(marked(await readDocument('docs/agreements.md'), 'keys'));
    const { oneOf = [] } = z.toJSONSchema(agreement);
    const keys = new Set(oneOf.flatMap((each) => keysIn(each)));
    expect(keys.size).toBeGreaterThan(40);
    expect(rows.flatMap(([cell = '']) => quoted(cell)).sort()).toEqual([...keys].sort());
  });
});

describe('docs/dependencies.md', () => {
  it('has a line for every dependency, and none for what is not one', async () => {
    const names = new Set<string>();
    for await (const path of glob(
      ['package.json', '{apps,libs,libs/protocol}/*/package.json', '{examples,tests,bench}/package.json'],
      { cwd: root },
    )) {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(await readDocument(path)) as Record<
        string,
        object
      >;
      for (const name of Object.keys({ ...dependencies, ...devDependencies })) names.add(name);
    }
    const external = [...names].filter((name) => !name.startsWith('@anonymesh/')).sort();
    const rows = tableRows(await readDocument('docs/dependencies.md')).filter(([name]) => name?.startsWith('`'));
    expect(rows.flatMap(([name = '']) => quoted(name)).sort()).toEqual(external);
    expect(rows.filter(([, reason = '']) => reason.length < 10)).toEqual([]);
  });
});

describe('the documents', () => {
  it('link to what is there', async () => {
    const dead: string[] = [];
    for (const path of await documents()) {
      for (const [, target = ''] of (await readDocument(path)).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
        if (!/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(path), target))) dead.push(`${path}: ${target}`);
      }
    }
    expect(dead).toEqual([]);
  });

  it('show every picture of the pages that is taken, none of them heavy', async () => {
    const texts = await Promise.all((await documents()).map(readDocument));
    const taken = shots.map(({ name }) => `${name}.webp`).sort();
    expect((await readdir(join(root, 'docs/screenshots'))).sort()).toEqual(taken);
    expect(taken.filter((name) => !texts.some((text) => text.includes(`screenshots/${name})`)))).toEqual([]);
    const sizes = await Promise.all(taken.map((name) => stat(join(root, 'docs/screenshots', name))));
    expect(Math.max(...sizes.map(({ size }) => size))).toBeLessThan(150_000);
  });

  it('name no file and no folder of this repository that is not there', async () => {
    const named: string[] = [];
    const dead: string[] = [];
    for (const path of await documents()) {
      for (const name of pathsIn(await readDocument(path))) {
        named.push(name);
        if (!existsSync(join(root, name.replace(/\.$/, '')))) dead.push(`${path}: ${name}`);
      }
    }
    expect(named.filter((name) => name.endsWith('.spec.ts')).length).toBeGreaterThan(50);
    expect(dead).toEqual([]);
  });

  it('are searched for paths in code type and in blocks of code, but for patterns and what is made by a run', () => {
    const block = ['```sh', 'node apps/lqi/dist/main.js', 'cat docs/old.md,libs/new/', '```'].join('\n');
    const words = 'See `tests/gone.spec.ts`, `apps/*/src`, `apps/<app>/src/main.ts`, `deploy/founded/`, docs/prose.md.';
    expect(pathsIn(`${words}\n\n${block}\n`)).toEqual(['tests/gone.spec.ts', 'docs/old.md', 'libs/new/']);
  });
});
