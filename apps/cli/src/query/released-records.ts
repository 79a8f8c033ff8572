// What a set query released, as the caseworker who asked it reads it. These are people's records: they go to the output
// alone, and what holders wrote into them is shown and never obeyed.
import { queryId } from '@anonymesh/protocol';
import { z } from 'zod';
import { columns, paragraphs, type Told } from '../telling/told.js';

export const releasedRecords = z.object({
  queryId,
  people: z.int().min(0),
  /** Records that did not open. */
  unreadable: z.int().min(0),
  records: z.array(
    z.object({
      holder: z.string(),
      holderName: z.string(),
      fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
});
type ReleasedRecords = z.infer<typeof releasedRecords>;

/** Yes where all of them could be opened: who takes some of them for all would overlook a person. */
export function tellRecords(released: ReleasedRecords): Told {
  const { people, unreadable, records } = released;
  const head = [`${people} people in common, ${records.length} records`];
  if (unreadable > 0)
    head.push(`${unreadable} more did not open: what their holder released is not in order, and it should be told`);
  const blocks = records.map(({ holder, holderName, fields }) => {
    const rows = Object.entries(fields).map(([name, value]) => [name, `${value ?? '(none)'}`]);
    return [`${holderName} (${holder})`, ...columns(rows).map((line) => `  ${line}`)];
  });
  return { lines: paragraphs([head, ...blocks]), json: released, ok: unreadable === 0 };
}
