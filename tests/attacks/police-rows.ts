// The police's set as its own template gives it: an attacker at the police knows its own records.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { askedSince, childrenFiles } from '@anonymesh/examples';
import { placesOf, type RunningMesh } from '@anonymesh/founding';
import { parse } from 'yaml';
import type { Row } from './play-holder.js';

export function policeRows({ dir }: RunningMesh): readonly Row[] {
  const { data, templates } = placesOf(dir, 'police');
  const template = parse(readFileSync(join(templates, 'police.sqlite.yaml'), 'utf8')) as { statement: string };
  const database = new DatabaseSync(join(data, childrenFiles.police), { readOnly: true });
  try {
    return database.prepare(template.statement).all({ since: askedSince });
  } finally {
    database.close();
  }
}
