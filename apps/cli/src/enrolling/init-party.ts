// What a new party makes for itself: keys that never leave its machine, a config, and a request to join that holds the
// public halves, signed by its identity.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64url, type PartyKind } from '@anonymesh/protocol';
import { readKeyFile, signJoinRequest } from '@anonymesh/trust';
import { newRequest } from '@anonymesh/certificates';
import { signOwnEntry } from '../directory/sign-entry.js';
import { makePartyKeys } from '../keys/make-keys.js';
import { makeNewFolder } from '../new-folder.js';
import { named } from '../telling/no.js';
import { partyConfig } from './party-config.js';
import { requireSoundOptions, type PartyOptions } from './party-options.js';

/** How long the operator has to answer. */
const goodFor = 14 * 86_400_000;

export async function initParty(
  folder: string,
  options: PartyOptions,
): Promise<{ request: string; config: string; fingerprint: string }> {
  requireSoundOptions(options);
  const { kind, id, name, operator, days } = options;
  const places = placesIn(folder, kind);
  makeNewFolder(folder);
  for (const made of places.folders) named(() => mkdirSync(made));
  makePartyKeys(places.keys, kind);
  const { request: certificateRequest, key } = await newRequest(id);
  named(() => writeFileSync(places.tlsKey, key, { mode: 0o600, flag: 'wx' }));
  const entering = { id, kind, name, keys: places.keys, serial: '1', days } as const;
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
  named(() => writeFileSync(places.config, partyConfig(options), { flag: 'wx' }));
  return { request: places.request, config: places.config, fingerprint };
}

function placesIn(folder: string, kind: PartyKind) {
  const [keys, trust] = [join(folder, 'keys'), join(folder, 'trust')];
  return {
    keys,
    identity: join(keys, 'identity.pem'),
    tlsKey: join(keys, 'tls-key.pem'),
    /** In their order. */
    folders: [trust, join(trust, 'agreements'), ...(kind === 'holder' ? [join(folder, 'templates')] : [])],
    entry: join(folder, 'entry.jws'),
    request: join(folder, 'join-request.jws'),
    config: join(folder, 'config.yaml'),
  };
}
