// The pages of each app to which people sign in: their secrets, their part of the config, and how the identity provider
// knows them.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { PartyId } from '@anonymesh/protocol';
import type { SandboxParty } from './parties.js';
import { placesOf } from './places.js';

/** As the development identity provider reads it. */
export interface PagesClient {
  readonly id: string;
  readonly secret: string;
  readonly redirectUris: readonly string[];
  readonly signedOutUris: readonly string[];
}

type Ports = ReadonlyMap<string, number>;

/** Browsers go there: the host that every party listens on. */
function pagesUrl(id: PartyId, ports: Ports): string {
  return `http://127.0.0.1:${ports.get(id)}`;
}

const clientOf = (id: PartyId) => `pages-${id}`;

/** Writes fresh secrets of the party's pages. */
export async function foundPages({ id }: SandboxParty, dir: string, ports: Ports): Promise<PagesClient> {
  const places = placesOf(dir, id);
  const secret = randomBytes(24).toString('base64url');
  await writeFile(places.clientSecret, secret, { mode: 0o600 });
  await writeFile(places.sessionSecret, randomBytes(48).toString('base64url'), { mode: 0o600 });
  const url = pagesUrl(id, ports);
  return { id: clientOf(id), secret, redirectUris: [`${url}/signed-in`], signedOutUris: [`${url}/signed-out`] };
}

/** In the app's config; `portals`: whose addresses a requester's letters say. */
export function pagesOf(
  { id, kind }: SandboxParty,
  dir: string,
  ports: Ports,
  issuer: string,
  portals: readonly PartyId[],
): object {
  const { clientSecret, sessionSecret } = placesOf(dir, id);
  const pages = { publicUrl: pagesUrl(id, ports), issuer, clientId: clientOf(id), clientSecret, sessionSecret };
  const addresses = new Map(portals.map((portal) => [portal, pagesUrl(portal, ports)]));
  return kind === 'requester' ? { ...pages, portals: Object.fromEntries(addresses) } : pages;
}
