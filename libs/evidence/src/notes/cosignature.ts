// Cosignatures (c2sp.org/tlog-cosignature, Ed25519): another party saw this checkpoint, at that time, and it continued
// all that the party had seen of this log before. Who has shown a log to two others can show neither another one.
import { verify as verifyBytes } from 'node:crypto';
import { keyIdOf, signatureType, type NamedKey, type NamedSigningKey, type Note, type SignatureLine } from './note.js';

const timestampBytes = 8;

/** `at`: seconds since 1970. */
export async function cosign(
  { text }: Pick<Note, 'text'>,
  { name, key }: NamedSigningKey,
  at: number,
): Promise<SignatureLine> {
  const timestamp = Buffer.alloc(timestampBytes);
  timestamp.writeBigUInt64BE(BigInt(at));
  const signature = await key.sign(cosigned(text, BigInt(at)));
  return {
    name,
    keyId: keyIdOf({ name, key: key.publicKey }, signatureType.cosignature),
    signature: Buffer.concat([timestamp, signature]),
  };
}

/** When that very key cosigned the note, in seconds since 1970; undefined where it did not. */
export function cosignedAt({ text, signatures }: Note, by: NamedKey): number | undefined {
  const keyId = keyIdOf(by, signatureType.cosignature);
  const times = signatures
    .filter((each) => each.name === by.name && each.keyId.equals(keyId))
    .map(({ signature }) => timeOf(text, signature, by));
  // One that does not hold spoils the others of that key.
  return times.includes(undefined) ? undefined : times.at(-1);
}

function timeOf(text: string, bytes: Buffer, by: NamedKey): number | undefined {
  if (bytes.length !== timestampBytes + 64) return undefined;
  const at = bytes.readBigUInt64BE();
  const holds = verifyBytes(null, cosigned(text, at), by.key, bytes.subarray(timestampBytes));
  return holds && at <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(at) : undefined;
}

function cosigned(text: string, at: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${at}\n${text}`, 'utf8');
}
