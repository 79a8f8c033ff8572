// What somebody chose in the form of a decision: a yes, or a no that says why.
import type { FormFault, TypedForm } from '@anonymesh/web';
import { decision, type Decision } from '@anonymesh/api';

export function readDecision({ decision: chosen, reason = '' }: TypedForm): Decision | FormFault {
  if (chosen === 'approve') return { decision: chosen };
  if (chosen !== 'refuse') return { field: 'decision', text: 'Select approve or refuse' };
  const given = decision.safeParse({ decision: chosen, reason });
  if (given.success) return given.data;
  const text = reason.trim() === '' ? 'Enter why it is refused' : 'Say it in 1,000 letters or fewer';
  return { field: 'reason', text };
}
