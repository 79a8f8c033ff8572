// A holder's list as its template yields it, read from its sample file: one array of key inputs for each record. For the
// measurements without a mesh; there the holder's node reads the same records through its template.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { keyInputs } from '@anonymesh/psi';
import { fileOf } from '../lists/write-lists.js';
import { type Holder } from '../holders.js';
import { keys, type Sample } from '../sample.js';

/** For each record one input for each key. Throws for a row that is unfit. */
export async function* keyInputsOf(
  holder: Holder,
  { folder }: Sample,
): AsyncGenerator<readonly (Buffer | undefined)[], void> {
  const database = new DatabaseSync(join(folder, fileOf(holder)), { readOnly: true });
  try {
    for (const row of database.prepare('SELECT nhs_number AS nhsNumber, position FROM listed').iterate()) {
      const inputs = keyInputs(keys, row);
      if (inputs === 'unfit') throw new Error(`a record of ${holder} is unfit`);
      yield inputs;
    }
  } finally {
    database.close();
  }
}
