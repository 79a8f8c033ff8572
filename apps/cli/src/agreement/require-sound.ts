// Nothing is signed or published that is at fault, alone or beside the others of a folder: two good agreements can be bad
// together.
import { resolve } from 'node:path';
import { filesOf, FlawedDocument, lintAgreements, namesIn, type Drafted } from '@anonymesh/trust';
import { named } from '../telling/no.js';
import { readDrafts } from './read-agreements.js';

/** Throws a `FlawedDocument` with the draft's faults. `today` is a day, yyyy-mm-dd. */
export function requireSound(draft: Drafted, folder: string, today: string): void {
  const files = named(() => namesIn(folder)).map((name) => filesOf(folder, name).document);
  const beside = readDrafts(files.filter((file) => resolve(file) !== resolve(draft.file)));
  const readable = beside.filter((each): each is Drafted => 'content' in each);
  const findings = lintAgreements([...readable, draft], today);
  const faults = findings.filter(({ severity, flaw }) => severity === 'fault' && flaw.file === draft.file);
  if (faults.length > 0) throw new FlawedDocument(faults.map(({ flaw }) => flaw));
}
