// The secret that one holder and the requester share for one query: HPKE (RFC 9180) in auth mode, so that the requester
// knows whose records it opens, and only it can. One encapsulated key for each holder and query.
import type { KeyObject, webcrypto } from 'node:crypto';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha512, HpkeError } from '@hpke/core';
import { fromBase64url, lengthPrefixed } from '@anonymesh/protocol';

/** X25519: Node's key, or its 32 raw bytes. */
export type SealingKey = KeyObject | Uint8Array;

/** What the secret is bound to. */
export interface SealingContext {
  /** The query ID. */
  readonly query: string;
  /** The agreement's hash, base64url. */
  readonly agreement: string;
  readonly holder: string;
  readonly requester: string;
}

export interface Sender {
  /** The encapsulated key: 32 bytes, for the requester. */
  readonly enc: Buffer;
  /** 32 bytes, secret. */
  readonly exportSecret: Buffer;
}

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha512(), aead: new Aes256Gcm() });

/**
 * The holder's side: its private sealing key, the requester's public one. `ephemeral`: 32 secret bytes of this query
 * alone, from which the encapsulated key is derived (RFC 9180 section 7.1.3), so that a restart comes to the same one.
 */
export async function openSender(
  context: SealingContext,
  keys: { readonly sender: SealingKey; readonly recipient: SealingKey; readonly ephemeral: Uint8Array },
): Promise<Sender> {
  if (keys.ephemeral.length !== 32) throw new RangeError('32 bytes for the ephemeral key');
  const sender = await suite.createSenderContext({
    senderKey: await imported(keys.sender, 'private'),
    recipientPublicKey: await imported(keys.recipient, 'public'),
    info: infoOf(context),
    ekm: (await suite.kem.deriveKeyPair(new Uint8Array(keys.ephemeral))) as webcrypto.CryptoKeyPair,
  });
  const exportSecret = Buffer.from(await sender.export(exportLabel, 32));
  return { enc: Buffer.from(sender.enc), exportSecret };
}

/** The requester's side: the same 32 bytes, or undefined where `enc` or a key is no key. Other keys give other bytes. */
export async function openRecipient(
  context: SealingContext,
  keys: { readonly sender: SealingKey; readonly recipient: SealingKey; readonly enc: Uint8Array },
): Promise<Buffer | undefined> {
  try {
    const recipient = await suite.createRecipientContext({
      senderPublicKey: await imported(keys.sender, 'public'),
      recipientKey: await imported(keys.recipient, 'private'),
      info: infoOf(context),
      enc: new Uint8Array(keys.enc),
    });
    return Buffer.from(await recipient.export(exportLabel, 32));
  } catch (cause) {
    if (cause instanceof HpkeError) return undefined;
    throw cause;
  }
}

const exportLabel = lengthPrefixed('records');

function infoOf({ query, agreement, holder, requester }: SealingContext): Buffer {
  const hash = fromBase64url(agreement);
  if (hash?.length !== 32) throw new TypeError('not the hash of an agreement');
  return lengthPrefixed('anonymesh/psi/hpke/v1', Buffer.from(query, 'hex'), hash, holder, requester);
}

async function imported(key: SealingKey, half: 'private' | 'public'): Promise<webcrypto.CryptoKey> {
  const isPublic = half === 'public';
  if (key instanceof Uint8Array)
    return (await suite.kem.importKey('raw', new Uint8Array(key).buffer, isPublic)) as webcrypto.CryptoKey;
  if (key.type !== half) throw new TypeError(`the ${half} half of the key is needed`);
  return (await suite.kem.importKey('jwk', key.export({ format: 'jwk' }), isPublic)) as webcrypto.CryptoKey;
}
