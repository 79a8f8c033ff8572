// The two holders of a query without a mesh, and the requester: everybody's keys, and the secrets that follow from them.
import { diffieHellman, generateKeyPairSync, randomBytes } from 'node:crypto';
import { deriveScalars, openRecipient, openSender, type QueryScalars } from '@anonymesh/psi';
import type { QueryId } from '@anonymesh/protocol';
import { holders, type Holder } from '../holders.js';

export interface HolderAlone {
  readonly id: Holder;
  readonly seed: Buffer;
  readonly scalars: QueryScalars;
  /** With the other holder, by its id. */
  readonly pairSecrets: Readonly<Record<string, Uint8Array>>;
  /** The holder's own, for its records. */
  readonly exportSecret: Buffer;
  /** What the requester has come to: the same bytes. */
  readonly openSecret: Buffer;
}

export async function makeHolders(query: QueryId): Promise<readonly [HolderAlone, HolderAlone]> {
  const requester = generateKeyPairSync('x25519');
  const [ours, theirs] = [generateKeyPairSync('x25519'), generateKeyPairSync('x25519')];
  const pairSecret = diffieHellman({ privateKey: ours.privateKey, publicKey: theirs.publicKey });
  const agreement = randomBytes(32).toString('base64url');
  const make = async (id: Holder, other: Holder): Promise<HolderAlone> => {
    const sealing = generateKeyPairSync('x25519');
    const context = { query, agreement, holder: id, requester: 'childrens-services' };
    const sending = { sender: sealing.privateKey, recipient: requester.publicKey, ephemeral: randomBytes(32) };
    const { enc, exportSecret } = await openSender(context, sending);
    const opening = { sender: sealing.publicKey, recipient: requester.privateKey, enc };
    const openSecret = await openRecipient(context, opening);
    if (openSecret === undefined) throw new Error('the requester cannot open what is sealed to it');
    const seed = randomBytes(32);
    const pairSecrets = { [other]: pairSecret };
    return { id, seed, scalars: deriveScalars(seed, query), pairSecrets, exportSecret, openSecret };
  };
  const [first, second] = holders;
  return [await make(first, second), await make(second, first)];
}
