// The two lists as an example that a mesh can be founded with: two holders' nodes on SQLite.
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atRiskChildren, type Example } from '@anonymesh/founding';
import { holders } from '../holders.js';
import { fileOf, prepareLists } from './write-lists.js';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export function listExample(elements: number): Example {
  return {
    parties: atRiskChildren().parties.filter(({ id }) => id !== 'schools'),
    drafts: [here('agreement.yaml')],
    holdings: new Map(
      holders.map((holder) => [
        holder,
        { template: here('list.yaml'), source: (data) => ({ kind: 'sqlite', file: join(data, fileOf(holder)) }) },
      ]),
    ),
    install: async (cache, dataOf) => {
      const folder = await prepareLists(cache, elements);
      for (const holder of holders) await copyFile(join(folder, fileOf(holder)), join(dataOf(holder), fileOf(holder)));
    },
  };
}
