// Whoever writes a node by docs/protocol.md must find in it what the code does; an administrator must find every
// dependency, and every link must lead somewhere.
import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { refusalCode, relayOutcome } from '@anonymesh/protocol';
import { answer, refusal } from '@anonymesh/protocol-answering';
import { outcome, outcomeCode, outcomeWord } from '@anonymesh/protocol-outcome';
import { hops } from '../../boundaries.mjs';
import { documents, marked, readDocument, tableRows } from './documents.js';
import { root } from './run-node.js';

const protocol = await readDocument('docs/protocol.md');
const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

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
    const code = await sources(['libs/protocol/*', 'libs/blind', 'libs/trust']);
    const label = /anonymesh\/[a-z/-]+\/v\d+|anonymesh-[a-z-]+[a-z]/g;
    const used = new Set(code.match(new RegExp(`(?<=')(${label.source})(?=')`, 'g')));
    expect(used.size).toBeGreaterThan(10);
    expect([...new Set(protocol.match(label))].sort()).toEqual([...used].sort());
  });

  it('has the sizes of what is padded', async () => {
    const said = new Map(tableRows(marked(protocol, 'sizes')).map(([what = '', bytes = '']) => [what, bytes]));
    expect(said.get('`answer`, `refusal`')).toBe(String(answer.size));
    expect(refusal.size).toBe(answer.size);
    expect(said.get('`outcome` (relayed)')).toBe(String(relayOutcome.size));
    expect(said.get('`outcome` (inside)')).toBe(String(outcome.size));
    const sizeIn = async (path: string) => /^const size = (\d+);$/m.exec(await readDocument(path))?.[1];
    expect(said.get('slip (section 8)')).toBe(await sizeIn('libs/protocol/asking/src/slip.ts'));
    expect(said.get('explanation (section 8)')).toBe(await sizeIn('libs/protocol/answering/src/explanation.ts'));
  });

  it('lists the closed codes', () => {
    expect(quoted(marked(protocol, 'codes'))).toEqual(refusalCode.options);
    expect(quoted(protocol)).toEqual(expect.arrayContaining([...outcomeCode.options, ...outcomeWord.options]));
  });

  it('has every section to which the code refers', async () => {
    const code = await sources(['libs/protocol/*', 'libs/*', 'apps/*']);
    const referred = [...code.matchAll(/docs\/protocol\.md,? section (\d+)/g)].map(([, number]) => number);
    expect(referred.length).toBeGreaterThan(5);
    expect(referred.filter((number) => !protocol.includes(`\n## ${number}. `))).toEqual([]);
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

  it('name no test file that is not there', async () => {
    const named = (await Promise.all((await documents()).map(readDocument))).flatMap(quoted);
    const tests = named.filter((name) => /^(apps|libs|tests|examples)\/[^*]*\.spec\.ts$/.test(name));
    expect(tests.length).toBeGreaterThan(5);
    expect(tests.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});
