// What a new party says of itself, checked before anything is made of it: a folder with some of its keys would be in the
// way of the next try.
import { bytesText, directoryEntry, partyId, type PartyKind } from '@anonymesh/protocol';
import { daysFrom } from '../ca/days.js';
import { No, portOf } from '../telling/no.js';
import type { RecordKind } from './records-of.js';

export interface PartyOptions {
  readonly kind: PartyKind;
  readonly id: string;
  readonly name: string;
  readonly broker: readonly string[];
  readonly operator: string;
  readonly port: string;
  readonly days: string;
  /** Of a holder. */
  readonly records?: RecordKind;
  /** Of whoever has people sign in. */
  readonly issuer?: string;
}

/** The kinds whose config must say where people sign in. A holder's may, once it has a console. */
export function needsIssuer(kind: PartyKind): boolean {
  return kind === 'requester' || kind === 'portal';
}

/** Throws a No of kind `usage` where one is not what it must be, or not for this kind of party. */
export function requireSoundOptions(options: PartyOptions): void {
  const { kind, id, name, broker, operator, port, days, records, issuer } = options;
  if (!partyId.safeParse(id).success)
    throw new No('usage', '--id is 2 to 31 of a-z, 0-9 and hyphen, and begins with a letter');
  const named = directoryEntry.shape.name.safeParse(name);
  if (!named.success) throw new No('usage', `--name: ${named.error.issues[0]?.message ?? 'is none'}`);
  if (!bytesText(32).safeParse(operator).success) throw new No('usage', '--operator is 32 bytes in base64url');
  if (!broker.every(isBroker)) throw new No('usage', '--broker is written nats://host:port');
  portOf('--port', port);
  daysFrom(days);
  if (records !== undefined && kind !== 'holder') throw new No('usage', '--records is for a holder');
  if (issuer === undefined) return;
  if (!needsIssuer(kind)) throw new No('usage', '--issuer is for a requester or a portal');
  if (!isIssuer(issuer)) throw new No('usage', '--issuer is written https://host/path');
}

function isBroker(address: string): boolean {
  return /^(nats|tls):\/\/[A-Za-z0-9.:[\]-]+$/.test(address) && URL.canParse(address);
}

function isIssuer(address: string): boolean {
  return /^https?:\/\/[^\s\p{C}@]+$/u.test(address) && URL.canParse(address);
}
