// Where applicants find out more: the address of each appeal portal, by its party's id, as the config has it.
import type { PartyId } from '@anonymesh/protocol';

/** The token under which main provides them to Nest. */
export const PORTALS = Symbol('portals');

export type Portals = Readonly<Record<PartyId, string>>;
