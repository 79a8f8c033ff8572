// Makes the streams of a founded mesh, with the key that alone may.
import { readFile } from 'node:fs/promises';
import { provision, type Provisioning } from '@anonymesh/courier';
import { readCredentials } from '@anonymesh/runtime';
import { brokerUrl } from '../found/config.js';
import type { FoundedMesh } from '../found/found-mesh.js';
import { brokerPlaces } from '../found/places.js';

export async function provisionBroker(
  { dir, ports, brokerPlan }: FoundedMesh,
  settings: Pick<Provisioning, 'ackWaitSeconds'> = {},
): Promise<void> {
  const { provisioningSeed, provisioning } = brokerPlaces(dir);
  const seed = await readFile(provisioningSeed);
  const tls = readCredentials(provisioning);
  await provision({ servers: brokerUrl(ports), seed, tls, plan: brokerPlan, ...settings });
}
