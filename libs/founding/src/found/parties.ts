// The parties of the sandbox: who takes part, what each runs, and with which records.
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

const party = (kind: PartyKind, id: PartyId = kind): SandboxParty => ({ id, kind, app: appOf[kind] });

/** Those of the agreement right-to-remain; those of at-risk-children come with issue 3. */
export const sandboxParties: readonly SandboxParty[] = [
  party('requester', 'immigration'),
  party('coordinator'),
  party('aggregator'),
  party('portal', 'appeal-portal'),
  party('holder', 'hmrc'),
  party('holder', 'dwp'),
  party('holder', 'council'),
];
