// Signed notes (c2sp.org/signed-note): a text of lines and, below it, signatures of whoever vouches for it. A note is read
// by its own specification, so that others' programs read ours.
import { hash, verify as verifyBytes, type KeyObject } from 'node:crypto';
import { rawPublicKey, type SigningKey } from '@anonymesh/protocol';

/** Bytes that say what a signature is: of the note's text, or a cosignature with its time. */
export const signatureType = { ed25519: 0x01, cosignature: 0x04 } as const;
type SignatureType = (typeof signatureType)[keyof typeof signatureType];

export interface SignatureLine {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Buffer;
  readonly signature: Buffer;
}

export interface Note {
  /** With its last newline: what is signed. */
  readonly text: string;
  readonly signatures: readonly SignatureLine[];
}

/** A key with the name under which it signs. Which name is whose, the verifier knows beforehand. */
export interface NamedKey {
  readonly name: string;
  readonly key: KeyObject;
}

/** A key that signs, with the name under which it does. */
export interface NamedSigningKey {
  readonly name: string;
  readonly key: SigningKey;
}

const mostBytes = 64 * 1024;
const mostSignatures = 256;
const nameForm = /^[^\s+]+$/u;
const signatureForm = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;

/** The specification's short id of a key: 4 bytes. It finds a key and proves nothing. */
export function keyIdOf({ name, key }: NamedKey, type: SignatureType = signatureType.ed25519): Buffer {
  const named = Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), Buffer.of(type), rawPublicKey(key)]);
  return hash('sha256', named, 'buffer').subarray(0, 4);
}

/** The key as other programs that verify notes take it: `name+id+base64`. */
export function verifierKey(named: NamedKey, type: SignatureType = signatureType.ed25519): string {
  const bytes = Buffer.concat([Buffer.of(type), rawPublicKey(named.key)]);
  return `${named.name}+${keyIdOf(named, type).toString('hex')}+${bytes.toString('base64')}`;
}

export async function signText(text: string, { name, key }: NamedSigningKey): Promise<SignatureLine> {
  const signature = Buffer.from(await key.sign(Buffer.from(text, 'utf8')));
  return { name, keyId: keyIdOf({ name, key: key.publicKey }), signature };
}

export function writeNote({ text, signatures }: Note): string {
  const isText = text.endsWith('\n') && !hasControls(text);
  if (!isText || signatures.length === 0) throw new TypeError('a note needs lines of text, and a signature');
  return `${text}\n${signatures.map(writeSignature).join('')}`;
}

/** The note, or undefined where the text is none. Its signatures are not verified by that. */
export function readNote(note: string): Note | undefined {
  if (Buffer.byteLength(note) > mostBytes || hasControls(note) || !note.isWellFormed()) return undefined;
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || !note.endsWith('\n')) return undefined;
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > mostSignatures) return undefined;
  const signatures = lines.flatMap((line) => readSignature(line) ?? []);
  return signatures.length === lines.length ? { text: note.slice(0, end + 1), signatures } : undefined;
}

/** Whether that very key signed the text. */
export function isSignedBy({ text, signatures }: Note, by: NamedKey): boolean {
  const keyId = keyIdOf(by);
  const own = signatures.filter((each) => each.name === by.name && each.keyId.equals(keyId));
  const bytes = Buffer.from(text, 'utf8');
  // A signature of a known key that does not hold spoils the note, whatever stands beside it.
  return own.length > 0 && own.every(({ signature }) => verifyBytes(null, bytes, by.key, signature));
}

function writeSignature({ name, keyId, signature }: SignatureLine): string {
  if (!nameForm.test(name)) throw new TypeError('a name in a note has neither spaces nor plus signs');
  return `\u2014 ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
}

function readSignature(line: string): SignatureLine | undefined {
  const [, name, text] = signatureForm.exec(line) ?? [];
  if (name === undefined || text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64');
  // One spelling for each signature.
  if (bytes.length < 5 || bytes.toString('base64') !== text) return undefined;
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** Control characters other than the newline. */
function hasControls(text: string): boolean {
  return [...text].some((character) => character < ' ' && character !== '\n');
}
