// Whether all holders came to the same words for the control: if not, they did not use the same keys or did not answer
// the same query, and what their tags say of each other means nothing.
import type { Control } from '../holder/control.js';

/** `holders`: all ids, in byte order. The tags must be equal, and each pair must agree on both of its gates. */
export function controlsAgree(holders: readonly string[], controls: Readonly<Record<string, Control>>): boolean {
  const gateOf = (holder: string, other: string) => controls[holder]?.gates.find((gate) => gate.holder === other);
  const tags = new Set(holders.map((holder) => controls[holder]?.tag));
  if (tags.size !== 1 || tags.has(undefined)) return false;
  return holders.every((holder) => {
    const others = holders.filter((other) => other !== holder);
    if (controls[holder]?.gates.length !== others.length) return false;
    return others.every((other) => {
      const gate = gateOf(holder, other);
      const mirrored = gateOf(other, holder);
      return gate !== undefined && gate.given === mirrored?.opens && gate.opens === mirrored.given;
    });
  });
}
