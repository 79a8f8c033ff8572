// What a new holder makes for itself: keys that never leave its machine, a config, and a request to join that holds the
// public halves, signed by its identity.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64url, bytesText, partyId } from '@anonymesh/protocol';
import { readKeyFile, signJoinRequest } from '@anonymesh/trust';
import { newRequest } from '@anonymesh/certificates';
import { daysFrom } from '../ca/days.js';
import { signOwnEntry } from '../directory/sign-entry.js';
import { makePartyKeys } from '../keys/make-keys.js';
import { named, No } from '../telling/no.js';
import { holderConfig, type RecordKind } from './holder-config.js';

export interface HolderOptions {
  readonly id: string;
  readonly name: string;
  readonly broker: readonly string[];
  readonly operator: string;
  readonly records: RecordKind;
  readonly port: string;
  readonly days: string;
}

/** How long the operator has to answer. */
const goodFor = 14 * 86_400_000;

export async function initHolder(
  folder: string,
  options: HolderOptions,
): Promise<{ request: string; config: string; fingerprint: string }> {
  const { id, name, operator, days } = options;
  if (!partyId.safeParse(id).success) throw new No('usage', '--id is 2 to 31 of a-z, 0-9 and hyphen');
  if (!bytesText(32).safeParse(operator).success) throw new No('usage', '--operator is 32 bytes in base64url');
  const places = placesIn(folder);
  const config = holderConfig(options);
  named(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  named(() => mkdirSync(places.trust));
  for (const made of [places.agreements, places.templates]) named(() => mkdirSync(made));
  makePartyKeys(places.keys, 'holder');
  const { request: certificateRequest, key } = await newRequest(id);
  named(() => writeFileSync(places.tlsKey, key, { mode: 0o600, flag: 'wx' }));
  const entering = { id, kind: 'holder', name, keys: places.keys, serial: '1', days: String(daysFrom(days)) } as const;
  const { fingerprint } = await signOwnEntry({ ...entering, out: places.entry });
  const identity = named(() => readKeyFile(places.identity, 'Ed25519'));
  const now = Date.now();
  const request = await signJoinRequest(
    {
      type: 'anonymesh/join/v1',
      operator,
      entry: readFileSync(places.entry, 'utf8').trim(),
      certificateRequest,
      nonce: base64url(randomBytes(16)),
      issuedAt: now,
      until: now + goodFor,
    },
    identity,
  );
  named(() => writeFileSync(places.request, `${request}\n`, { flag: 'wx' }));
  named(() => writeFileSync(places.config, config, { flag: 'wx' }));
  return { request: places.request, config: places.config, fingerprint };
}

function placesIn(folder: string) {
  const [keys, trust] = [join(folder, 'keys'), join(folder, 'trust')];
  return {
    keys,
    trust,
    identity: join(keys, 'identity.pem'),
    tlsKey: join(keys, 'tls-key.pem'),
    agreements: join(trust, 'agreements'),
    templates: join(folder, 'templates'),
    entry: join(folder, 'entry.jws'),
    request: join(folder, 'join-request.jws'),
    config: join(folder, 'config.yaml'),
  };
}
