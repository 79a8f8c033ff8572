// notice: all that a party knows of one agreement: the document, who has signed it, and what each party's node says of it.
// It tells nothing of any query. Publishing, signing, renewing a status and withdrawing are one message
// (docs/decisions/0024-one-notice-for-all-that-is-known.md).
import { agreementNotice } from '../agreement-notice.js';
import { declare, type Hop } from '../message.js';
import { partyKind } from '../party.js';

/** A mesh has one coordinator, one aggregator, one portal: none of them writes to itself. */
const hops: Hop[] = partyKind.options.flatMap((to) =>
  partyKind.options
    .filter((from) => from !== to || from === 'requester' || from === 'holder')
    .map((from) => ({ from, to })),
);

export const notice = declare({
  name: 'notice',
  version: 1,
  vocabulary: 'core',
  hops,
  carried: 'stream',
  aboutQuery: false,
  body: agreementNotice,
});
