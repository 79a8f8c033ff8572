// A key that signs, wherever it is kept. Whoever signs has its id, its public half and an answer to wait for, and never
// the private half: that may be in a device or with a service that hands it to nobody (docs/decisions/0033).
import { createPublicKey, sign as signBytes, verify as verifyBytes, type KeyObject } from 'node:crypto';
import { rawPublicKey, thumbprint } from './keys.js';

export interface SigningKey {
  readonly kid: string;
  /** Ed25519. */
  readonly publicKey: KeyObject;
  /** Resolves to 64 bytes, by Ed25519 (RFC 8032). Asked for many at once. Rejects where it cannot sign. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A signature that did not come, or that does not hold. The cause says why. */
class CannotSign extends Error {
  override readonly name = 'CannotSign';
  /** A log, which has no messages, tells it by this. */
  readonly code = 'CANNOT_SIGN';
}

/** A private key in this process. It signs before it returns: another thread would take longer than the signature. */
export function signingKeyHere(key: KeyObject): SigningKey {
  return {
    ...publicPart(createPublicKey(key)),
    sign: async (bytes) => signBytes(null, bytes, key),
  };
}

/** Milliseconds. A transaction may be waiting, and behind it everything else that the store is asked. */
const patience = 5000;

/**
 * A private key elsewhere. What comes back is verified before it leaves: a receiver refuses a wrong signature for good.
 * `sign` gets the bytes as they are, not their hash, and a signal by which to give up.
 */
export function signingKeyElsewhere(
  publicKey: KeyObject,
  sign: (bytes: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>,
): SigningKey {
  const known = publicPart(publicKey);
  return {
    ...known,
    sign: async (bytes) => {
      try {
        const signal = AbortSignal.timeout(patience);
        const signature = await Promise.race([sign(bytes, signal), isOver(signal)]);
        if (!verifyBytes(null, bytes, publicKey, signature)) throw new Error('the signature is not by this key');
        return signature;
      } catch (cause) {
        throw new CannotSign(`the key ${known.kid} cannot sign`, { cause });
      }
    },
  };
}

function isOver(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function publicPart(publicKey: KeyObject): Pick<SigningKey, 'kid' | 'publicKey'> {
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
  return { kid: thumbprint('Ed25519', rawPublicKey(publicKey)), publicKey };
}
