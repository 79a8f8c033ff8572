// What the operator asks of the broker: which parties it is to have, and where it is. It comes from `mesh`, which read it
// from the directory and from the operator's own file.
import { partyId, partyKind } from '@anonymesh/protocol';
import { z } from 'zod';

const hop = z.strictObject({
  message: z.string(),
  vocabulary: z.string(),
  from: partyKind,
  to: partyKind,
  subject: z.string(),
  carried: z.enum(['stream', 'reply']),
});

export const asked = z.strictObject({
  /** `provision`: also make the streams, on a broker that has read its configuration. */
  action: z.enum(['plan', 'provision']),
  hops: z.array(hop),
  members: z.array(z.strictObject({ id: partyId, kind: partyKind, brokerKey: z.string() })),
  place: z.strictObject({
    serverName: z.string(),
    host: z.string(),
    port: z.number(),
    storeDir: z.string(),
    maxPayload: z.number(),
    pidFile: z.string(),
    monitoringPort: z.number().optional(),
    storeBytes: z.number(),
    tls: z.strictObject({ certFile: z.string(), keyFile: z.string(), caFile: z.string() }),
  }),
  bytesEach: z.number(),
  provisioning: z.strictObject({
    url: z.string(),
    /** Paths. */
    seed: z.string(),
    ca: z.string(),
    certificate: z.string(),
    key: z.string(),
  }),
});
export type Asked = z.infer<typeof asked>;
