// Released records on their way to the requester, in a file of slots: as many as the agreement allows, most of them empty,
// the full ones at random places, so that neither number nor order of what leaves tells anything.
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { SetAgreement } from '@anonymesh/protocol';
import { lettersOf, slotBytes } from '@anonymesh/protocol-outcome';

/** A released record: its holder, and the salt and the sealed record. */
export interface Slot {
  readonly holder: string;
  readonly sealed: readonly Uint8Array[];
}

const name = 'matches';

/** Writes the slots. false, and no file, where they give out before their end (undefined). */
export async function writeSlots(
  folder: string,
  agreement: SetAgreement,
  slots: AsyncIterable<Slot | undefined>,
): Promise<boolean> {
  const size = slotBytes(agreement);
  const places = randomPlaces(placesIn(agreement));
  const holders = holdersOf(agreement);
  const unfinished = join(folder, `${name}.part`);
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.truncate(placesIn(agreement) * size);
    for await (const slot of slots) {
      const place = places.next();
      if (slot === undefined || place.done === true) return false;
      const bytes = Buffer.concat([Uint8Array.of(holders.indexOf(slot.holder) + 1), ...slot.sealed]);
      if (bytes.length !== size) return false;
      await file.write(bytes, 0, size, place.value * size);
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(unfinished, join(folder, name));
  return true;
}

export function hasSlots(folder: string): boolean {
  return existsSync(join(folder, name));
}

/** The slots of one letter, and of more after it. */
export async function readLetters(
  folder: string,
  agreement: SetAgreement,
  first: number,
  count: number,
): Promise<Buffer[]> {
  const bytes = letterBytes(agreement);
  const file = await open(join(folder, name), 'r');
  try {
    const letters = [];
    for (let letter = first; letter < first + count; letter += 1) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, letter * bytes);
      if (bytesRead !== bytes) throw new Error('the file of slots is too short');
      letters.push(buffer);
    }
    return letters;
  } finally {
    await file.close();
  }
}

/** Letters in which nothing was released. */
export function emptyLetters(agreement: SetAgreement, count: number): Buffer[] {
  return Array.from({ length: count }, () => Buffer.alloc(letterBytes(agreement)));
}

function letterBytes(agreement: SetAgreement): number {
  return lettersOf(agreement).slots * slotBytes(agreement);
}

function placesIn(agreement: SetAgreement): number {
  const { slots, letters } = lettersOf(agreement);
  return slots * letters;
}

function holdersOf({ holders }: SetAgreement): string[] {
  return holders.map(({ id }) => id).sort();
}

/** Every place once, in an order that nobody can foresee (Fisher and Yates). */
function* randomPlaces(count: number): Generator<number, void> {
  const places = Uint32Array.from({ length: count }, (_, place) => place);
  for (let left = count; left > 0; left -= 1) {
    const taken = randomInt(left);
    const place = places[taken] ?? 0;
    places[taken] = places[left - 1] ?? 0;
    yield place;
  }
}
