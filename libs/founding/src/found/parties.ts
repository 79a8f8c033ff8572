// A party of the sandbox: who takes part, and which program it runs.
import type { PartyId, PartyKind } from '@anonymesh/protocol';

export interface SandboxParty {
  readonly id: PartyId;
  readonly kind: PartyKind;
  /** The folder in apps/ whose program it runs. */
  readonly app: string;
}

const appOf: Record<PartyKind, string> = {
  requester: 'requester-ui',
  coordinator: 'coordinator',
  holder: 'lqi',
  aggregator: 'aggregator',
  portal: 'appeal-portal',
};

export const party = (kind: PartyKind, id: PartyId = kind): SandboxParty => ({ id, kind, app: appOf[kind] });

/** Whether people sign in to its app: caseworkers, a holder's own people, subjects. */
export function hasPeople({ kind }: SandboxParty): boolean {
  return kind === 'requester' || kind === 'holder' || kind === 'portal';
}
