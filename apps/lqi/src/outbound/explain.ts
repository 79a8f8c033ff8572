// The explanation that goes with every answer, whether or not there is a concern: to the subject alone, through the
// portal and the reference together.
import type { Self } from '@anonymesh/courier';
import { publicKeyFrom, soleParty, thumbprint, type PublicKey } from '@anonymesh/protocol';
import { sealExplanation } from '@anonymesh/protocol-answering';
import type { CheckQuestion } from '../inbound/question.js';
import type { Finding } from '../questions/finding.js';

export function explain({ id, keyring }: Self, question: CheckQuestion, finding: Finding): string {
  const { queryId, agreement, verified, fields, template, portal } = question;
  const subjectKey = fields[agreement.subjectKey]?.reveal() ?? '';
  const content = { queryId, subjectKey, concern: finding.concern, reason: finding.reason, contact: template.contact };
  const to = { queryKey: queryKeyOf(verified.manifest.queryKey), portal };
  const binding = {
    queryId,
    agreement: verified.manifest.agreement,
    holder: id,
    portal: soleParty(agreement, 'portal'),
  };
  return sealExplanation(content, keyring.signing, to, binding);
}

function queryKeyOf(text: string): PublicKey {
  const raw = Buffer.from(text, 'base64url');
  return { kid: thumbprint('X25519', raw), key: publicKeyFrom('X25519', raw) };
}
