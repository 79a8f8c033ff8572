// A holder's list as its template yields it, read from its sample file: one array of key inputs for each record. For the
// measurements without a mesh; there the holder's node reads the same records through its template.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { askedSince, childrenFiles } from '@anonymesh/examples';
import { keyInputs } from '@anonymesh/psi';
import { keys, type Holder, type Sample } from '../sample.js';

type Row = Readonly<Record<string, unknown>>;

/** For each record one input for each key, undefined where the record has not got it. Throws for a row that is unfit. */
export async function* keyInputsOf(holder: Holder, { folder }: Sample): AsyncGenerator<(Buffer | undefined)[], void> {
  const rows = { 'health-trust': patients, police: metChildren }[holder];
  for await (const row of rows(join(folder, childrenFiles[holder]))) {
    const inputs = keyInputs(keys, row);
    if (inputs === 'unfit') throw new Error(`a record of ${holder} is unfit`);
    yield inputs;
  }
}

interface Patient extends Row {
  readonly concern: { readonly level: number };
  readonly lastContact: string;
}

async function* patients(path: string): AsyncGenerator<Row, void> {
  const file = await open(path);
  for await (const line of file.readLines()) {
    const patient = JSON.parse(line) as Patient;
    if (patient.concern.level >= 3 && patient.lastContact >= askedSince) yield patient;
  }
}

async function* metChildren(path: string): AsyncGenerator<Row, void> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    yield* database.prepare(seriouslyMet).iterate({ since: askedSince });
  } finally {
    database.close();
  }
}

const seriouslyMet = `
  SELECT nhs_number AS nhsNumber, given_name AS givenName, surname, birth_date AS birthDate, postcode
  FROM child JOIN (
    SELECT child_id FROM incident WHERE occurred_on >= :since
    GROUP BY child_id HAVING COUNT(*) >= 2 OR SUM(serious) >= 1
  ) ON child_id = id`;
