// The README's table is the promise that people read; boundaries.mjs is the one that is enforced. Here they are the same.
import { describe, expect, it } from '@jest/globals';
import { parties, vocabularies, type PartyKind, type Vocabulary } from '../../boundaries.mjs';
import { marked, readDocument, tableRows } from './documents.js';

const personal = (Object.keys(vocabularies) as Vocabulary[]).filter((vocabulary) => vocabulary !== 'core');

/** How a cell begins says whether the party may read that vocabulary. */
function reads(cell: string): boolean | undefined {
  const [, word] = /^(yes|never|sealed)\b/.exec(cell) ?? [];
  return word === undefined ? undefined : word === 'yes';
}

/** What the table says otherwise than `parties`, in words. */
function disagreements(table: string): string[] {
  const [head = [], ...rows] = tableRows(table);
  const columns = new Map(
    personal.map((vocabulary) => [vocabulary, head.findIndex((cell) => cell.startsWith(vocabulary))]),
  );
  const missing = personal.filter((vocabulary) => columns.get(vocabulary) === -1).map((each) => `no column ${each}`);
  const known = [...Object.keys(parties), 'broker'];
  const strangers = rows.map(([name = '']) => name).filter((name) => !known.includes(name));
  const wrong = known.flatMap((kind) => {
    const row = rows.filter(([name]) => name === kind);
    if (row.length !== 1) return [`${kind} is there ${row.length} times`];
    const [cells = []] = row;
    const party = parties[kind as PartyKind] as { app: string; speaks: Vocabulary[] } | undefined;
    const app = party !== undefined && !cells[1]?.startsWith(`\`${party.app}\``) ? [`${kind} runs ${cells[1]}`] : [];
    const said = personal.filter(
      (each) => reads(cells[columns.get(each) ?? -1] ?? '') !== (party?.speaks.includes(each) ?? false),
    );
    return [...app, ...said.map((each) => `${kind}: ${each}`)];
  });
  return [...missing, ...strangers.map((name) => `no party ${name}`), ...wrong];
}

describe('the README', () => {
  it('says in one sentence what it is, before anything else', async () => {
    const [title, sentence = ''] = (await readDocument('README.md')).split(/\n\n/);
    expect(title).toMatch(/^# \w+$/);
    expect(sentence.split(/\.(\s|$)/)[0]).toMatch(/^Anonymesh /);
    expect(sentence.match(/\.(\s|$)/g)).toHaveLength(1);
  });

  it('gives each party, and the broker, exactly the vocabularies that boundaries.mjs lets it speak', async () => {
    expect(disagreements(marked(await readDocument('README.md'), 'boundaries'))).toEqual([]);
  });

  it('would be caught with a cell changed, a party left out or one made up', async () => {
    const table = marked(await readDocument('README.md'), 'boundaries');
    const withRow = (kind: string, change: (line: string) => string) =>
      table
        .split('\n')
        .map((line) => (line.startsWith(`| ${kind} `) ? change(line) : line))
        .join('\n');
    expect(disagreements(withRow('coordinator', (line) => line.replace('sealed', 'yes')))).toEqual([
      'coordinator: asking',
    ]);
    expect(disagreements(withRow('aggregator', (line) => line.replace('never', 'perhaps')))).toEqual([
      'aggregator: asking',
    ]);
    expect(disagreements(withRow('portal', () => ''))).toEqual(['portal is there 0 times']);
    expect(disagreements(withRow('holder', (line) => line.replace('`lqi`', '`cli`')))).toHaveLength(1);
    expect(disagreements(`${table}\n| spy | nowhere | yes | yes | yes |`)).toEqual(['no party spy']);
  });
});
