// The example of a check on one person: immigration asks HMRC, DWP and a council.
import { join } from 'node:path';
import { copyRecords, prepareRecords, recordFiles, rightToRemain as folder } from '@anonymesh/examples';
import { party } from '../parties.js';
import type { Example } from './example.js';

/** `population`: how many people each holder's records are about; the example's own number unless told. */
export function rightToRemain(population?: number): Example {
  const template = (file: string) => join(folder, 'templates', file);
  return {
    parties: [
      party('requester', 'immigration'),
      party('coordinator'),
      party('aggregator'),
      party('portal', 'appeal-portal'),
      party('holder', 'hmrc'),
      party('holder', 'dwp'),
      party('holder', 'council'),
    ],
    drafts: [join(folder, 'agreement.yaml')],
    holdings: new Map([
      [
        'hmrc',
        {
          template: template('hmrc.sqlite.yaml'),
          source: (data) => ({ kind: 'sqlite', file: join(data, recordFiles.hmrc) }),
        },
      ],
      [
        'dwp',
        {
          template: template('dwp.yaml'),
          source: (data) => ({ kind: 'jsonl', folder: data, index: { claims: ['niNumber'] } }),
        },
      ],
      [
        'council',
        {
          template: template('council.sqlite.yaml'),
          source: (data) => ({ kind: 'sqlite', file: join(data, recordFiles.council) }),
        },
      ],
    ]),
    install: async (cache, dataOf) => {
      const records = await prepareRecords(cache, population);
      for (const holder of ['hmrc', 'dwp', 'council'] as const) await copyRecords(records, holder, dataOf(holder));
    },
  };
}
