// The example of a set query: children's services ask a health trust and the police which children both hold as a
// concern; in a second agreement schools take part, and two of the three are enough.
import { join } from 'node:path';
import {
  atRiskChildren as folder,
  childrenFiles,
  copyChildren,
  prepareChildren,
  type Sizes,
} from '@anonymesh/examples';
import { party } from '../parties.js';
import type { Example } from './example.js';

/** `sizes`: how many records each holder has, and how many children are on both lists; the example's own unless told. */
export function atRiskChildren(sizes: Partial<Sizes> = {}): Example {
  const template = (file: string) => join(folder, 'templates', file);
  return {
    parties: [
      party('requester', 'childrens-services'),
      party('coordinator'),
      party('aggregator'),
      party('holder', 'health-trust'),
      party('holder', 'police'),
      party('holder', 'schools'),
    ],
    drafts: [join(folder, 'agreement.yaml'), join(folder, 'at-least-two.yaml')],
    holdings: new Map([
      [
        'health-trust',
        { template: template('health-trust.yaml'), source: (data) => ({ kind: 'jsonl', folder: data }) },
      ],
      [
        'police',
        {
          template: template('police.sqlite.yaml'),
          source: (data) => ({ kind: 'sqlite', file: join(data, childrenFiles.police) }),
        },
      ],
      [
        'schools',
        {
          template: template('schools.sqlite.yaml'),
          source: (data) => ({ kind: 'sqlite', file: join(data, childrenFiles.schools) }),
        },
      ],
    ]),
    install: async (cache, dataOf) => {
      const records = await prepareChildren(cache, sizes);
      for (const holder of ['health-trust', 'police', 'schools'] as const)
        await copyChildren(records, holder, dataOf(holder));
    },
  };
}
