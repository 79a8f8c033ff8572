// Tells the other parties of our agreements where our log stands, and returns to each what it is owed: our cosignature of
// its own. Whoever has been told everything, and is owed nothing, hears nothing.
import {
  holdWitnessed,
  latestCheckpoint,
  proveConsistency,
  readNote,
  saveWitnessed,
  writeNote,
} from '@anonymesh/evidence';
import { base64url, checkpoint, type BodyOf, type PartyId } from '@anonymesh/protocol';
import { readCheckpoint } from '@anonymesh/evidence';
import type { Trust } from '@anonymesh/trust';
import type { Work } from '../work.js';

type Body = BodyOf<typeof checkpoint>;

export async function tellOthers(work: Work, self: PartyId, trust: Trust): Promise<void> {
  const latest = await latestCheckpoint(work.transaction);
  const proofs = new Map<number, Promise<Body['proofs'][number]>>();
  const prove = (from: number, to: number) => {
    const proof = proofs.get(from) ?? proveFrom(work, from, to);
    proofs.set(from, proof);
    return proof;
  };
  for (const to of othersOf(self, trust)) {
    const row = await holdWitnessed(work.transaction, to);
    const isNews = latest !== undefined && latest.size > row.told;
    if (!isNews && !row.owed) continue;
    const body: Body = { proofs: [], ...cosignedIn(row) };
    if (latest !== undefined) {
      body.checkpoint = byItself(latest.note);
      const froms = new Set([row.told, row.confirmed].filter((size) => size > 0 && size < latest.size));
      for (const from of froms) body.proofs.push(await prove(from, latest.size));
    }
    work.post(checkpoint, { to, body });
    await saveWitnessed(work.transaction, to, { owed: false, told: latest?.size ?? 0 });
  }
}

/** Parties to any agreement that we have signed, which take durable messages. One without a key is told when it has one. */
function othersOf(self: PartyId, { agreements }: Trust): PartyId[] {
  const now = Date.now();
  // A draft binds nobody: who names us in one would be told how our log grows.
  const all = [...agreements.values()].filter(({ signatures }) => signatures[self] !== undefined);
  const others = all.flatMap((signed) =>
    signed.content.parties.filter(
      ({ id, kind }) => id !== self && kind !== 'portal' && signed.sealingKeyOf(id, now) !== undefined,
    ),
  );
  return [...new Set(others.map(({ id }) => id))].sort();
}

async function proveFrom({ transaction }: Work, from: number, to: number): Promise<Body['proofs'][number]> {
  return { from, path: (await proveConsistency(transaction, from, to)).map(base64url) };
}

function cosignedIn({ note, cosignature }: { readonly note: string | null; readonly cosignature: string | null }) {
  const size = note === null ? undefined : readCheckpoint(note)?.size;
  return size === undefined || cosignature === null ? {} : { cosigned: { size, signature: cosignature } };
}

/** With the log's own signature alone: it comes first. */
function byItself(text: string): string {
  const note = readNote(text);
  if (note === undefined) throw new Error('a checkpoint in the store is none');
  return writeNote({ text: note.text, signatures: note.signatures.slice(0, 1) });
}
