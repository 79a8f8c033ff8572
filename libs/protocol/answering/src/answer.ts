// answer and refusal: a holder's word on one query, masked. Both have one size and one subject, so that the broker
// cannot tell them apart. The explanation travels beside the signed part, which holds its hash.
import { bytesText, declare, refusalCode, sha256Text } from '@anonymesh/protocol';
import { z } from 'zod';

/** Bytes of the signed part and the explanation, padded. */
const size = 6144;

const hops = [{ from: 'holder', to: 'aggregator' }] as const;

export const answer = declare({
  name: 'answer',
  version: 1,
  vocabulary: 'answering',
  hops,
  carried: 'stream',
  travelsAs: 'answer',
  aboutQuery: true,
  encloses: true,
  size,
  body: z.strictObject({
    agreement: sha256Text,
    /** The masked flag m_i and the check c_i: scalars mod ℓ, 32 bytes little-endian (docs/protocol.md section 6). */
    masked: bytesText(32),
    check: bytesText(32),
  }),
});

export const refusal = declare({
  name: 'refusal',
  version: 1,
  vocabulary: 'answering',
  hops,
  carried: 'stream',
  travelsAs: 'answer',
  aboutQuery: true,
  size,
  body: z.strictObject({ agreement: sha256Text, code: refusalCode }),
});
