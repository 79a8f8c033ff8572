// What a holder was asked and may answer: everything about it has been verified. Of a check, the person's fields are
// withheld from whatever prints them; so are the parameters of a set.
import type {
  CheckAgreement,
  CheckManifest,
  HolderTerms,
  PublicKey,
  QueryId,
  SetAgreement,
  SetHolder,
  SetManifest,
  VerifiedManifest,
} from '@anonymesh/protocol';
import type { SubjectFields } from '@anonymesh/protocol-asking';
import type { CheckTemplate, SetTemplate, SignedAgreement } from '@anonymesh/trust';
import type { MaskKeys } from './mask-keys.js';

interface Asked {
  readonly queryId: QueryId;
  readonly fields: SubjectFields;
  readonly maskKeys: MaskKeys;
  /** When the answer must have left; milliseconds since 1970. */
  readonly due: number;
}

/** A subquery about a person. */
export interface CheckQuestion extends Asked {
  readonly kind: 'check';
  readonly verified: VerifiedManifest<CheckManifest>;
  readonly agreement: CheckAgreement;
  readonly terms: HolderTerms;
  readonly template: CheckTemplate;
  readonly portal: PublicKey;
}

/** This holder's part of a set query. */
export interface SetQuestion extends Asked {
  readonly kind: 'set';
  readonly verified: VerifiedManifest<SetManifest>;
  readonly agreement: SetAgreement;
  readonly signed: SignedAgreement;
  readonly terms: SetHolder;
  readonly template: SetTemplate;
}

export type Question = CheckQuestion | SetQuestion;
