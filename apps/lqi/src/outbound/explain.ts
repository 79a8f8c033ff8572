// The explanation that goes with every answer, whether or not there is a concern: to the subject alone, through the
// portal and the reference together.
import type { Self } from '@anonymesh/courier';
import { publicKeyFrom, soleParty, thumbprint, type PublicKey } from '@anonymesh/protocol';
import { sealExplanation, type Explanation } from '@anonymesh/protocol-answering';
import type { CheckQuestion } from '../inbound/question.js';
import type { Finding } from '../questions/finding.js';

export function explain({ id, keyring }: Self, question: CheckQuestion, finding: Finding): Promise<string> {
  const { queryId, agreement, verified, portal } = question;
  const to = { queryKey: queryKeyOf(verified.manifest.queryKey), portal };
  const binding = {
    queryId,
    agreement: verified.manifest.agreement,
    holder: id,
    portal: soleParty(agreement, 'portal'),
  };
  return sealExplanation(contentOf(question, finding), keyring.signing, to, binding);
}

/** What the person is told: of a concern its reason only where the agreement allows it. */
export function contentOf(question: CheckQuestion, { concern, reason: found }: Finding): Explanation {
  const { queryId, agreement, fields, template } = question;
  const reason = agreement.tellsSubject.reasons === false ? '' : found;
  return {
    queryId,
    subjectKey: fields[agreement.subjectKey]?.reveal() ?? '',
    concern,
    reason,
    contact: template.contact,
  };
}

function queryKeyOf(text: string): PublicKey {
  const raw = Buffer.from(text, 'base64url');
  return { kid: thumbprint('X25519', raw), key: publicKeyFrom('X25519', raw) };
}
