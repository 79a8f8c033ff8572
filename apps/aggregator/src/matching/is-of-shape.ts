// Whether tokens are what the agreement says that a holder sends: whole tokens of the one size, within a set of an allowed
// size, with a control for each other holder.
import type { BodyOf, SetAgreement } from '@anonymesh/protocol';
import type { tokens } from '@anonymesh/protocol-answering';
import { bucketOf, othersOf, tokenShape } from '@anonymesh/psi';

export function isOfShape(
  agreement: SetAgreement,
  holder: string,
  { records, first, control, sealing }: BodyOf<typeof tokens>,
  bytes: number,
): boolean {
  const shape = tokenShape(agreement);
  const count = bytes / shape.bytes;
  if (!Number.isInteger(count) || count === 0 || first + count > records) return false;
  if (bucketOf(records) !== records || records > bucketOf(agreement.limits.records.most)) return false;
  if (shape.release === 'on-match' && sealing === undefined) return false;
  const others = othersOf(shape, holder);
  return control.gates.length === others.length && control.gates.every((gate, index) => gate.holder === others[index]);
}
