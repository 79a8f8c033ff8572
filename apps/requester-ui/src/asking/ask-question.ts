// Asking, whoever typed the question where: chooses the agreement, reads the fields, composes the query, and asks. The
// API and the pages differ in how they say what came of it.
import { mintReference, seedOf } from '@anonymesh/protocol-asking';
import type { StoreNode } from '@anonymesh/courier';
import { isOfKind } from '@anonymesh/trust';
import type { FieldError, User } from '@anonymesh/web';
import type { Query } from '../store/queries.js';
import type { Asked, Asking } from './asking.js';
import { chooseAgreement, type Chosen } from './choose-agreement.js';
import { compose } from './compose.js';
import { composeSet } from './compose-set.js';
import type { Asker } from './new-query.js';
import { readSubject } from './read-subject.js';
import type { Requester } from './seal-parts.js';

export type Answered =
  | { readonly query: Query; readonly state: 'asking' | 'waiting' }
  | { readonly turnedDown: 'unknown-agreement' | 'role-not-allowed' }
  | { readonly errors: readonly FieldError[] }
  | Exclude<Asked, { readonly state: unknown }>;

export type AskQuestion = (
  user: User,
  question: { readonly agreement: string; readonly subject: Readonly<Record<string, unknown>> },
) => Promise<Answered>;

export function openQuestion({ trust, courier }: StoreNode, asking: Asking): AskQuestion {
  const { id, keyring } = courier.self;
  return async ({ roles, subject: asker }, { agreement, subject }) => {
    const chosen = chooseAgreement(trust.agreements.values(), agreement, { requester: id, roles }, Date.now());
    if (typeof chosen === 'string') return { turnedDown: chosen };
    const read = readSubject(chosen.signed.content, subject);
    if ('errors' in read) return read;
    const asked = { ...chosen, fields: read.fields, asker };
    const query = await composeFor(asked, { id, signing: keyring.signing });
    if (typeof query === 'string') return { refused: query };
    const result = await asking.ask(query);
    return 'state' in result ? { query, state: result.state } : result;
  };
}

async function composeFor(asked: Chosen & Pick<Asker, 'fields' | 'asker'>, requester: Requester) {
  const { signed } = asked;
  if (isOfKind(signed, 'set')) return composeSet({ ...asked, signed }, requester, Date.now());
  if (!isOfKind(signed, 'check')) throw new TypeError('an agreement of no kind');
  const reference = mintReference();
  return compose({ ...asked, signed, reference, seed: await seedOf(reference), t: 0 }, requester, Date.now());
}
