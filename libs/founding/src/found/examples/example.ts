// What an example brings to a mesh: parties, drafts of agreements, each holder's template, records and back end.
import type { PartyId } from '@anonymesh/protocol';
import type { SandboxParty } from '../parties.js';

export interface Holding {
  /** The template's file, for a back end that needs no server. */
  readonly template: string;
  /** The source in the LQI's config, for records in that folder. */
  source(data: string): object;
}

export interface Example {
  readonly parties: readonly SandboxParty[];
  /** Drafts of agreements, as files. */
  readonly drafts: readonly string[];
  readonly holdings: ReadonlyMap<PartyId, Holding>;
  /** Puts each holder's records into its folder; they are generated once and kept in `cache`. */
  install(cache: string, dataOf: (holder: PartyId) => string): Promise<void>;
}
