// A check that costs others something, such as the broker: what was well is believed for a while, all else is looked at
// anew.
import type { Check, Found } from './check.js';

export function seldom(check: Check, milliseconds: number): Check {
  let held: { readonly found: Found; readonly at: number } | undefined;
  return {
    ...check,
    look: async () => {
      if (held !== undefined && Date.now() - held.at < milliseconds) return held.found;
      const found = await check.look();
      held = found.state === 'well' ? { found, at: Date.now() } : undefined;
      return found;
    },
  };
}
