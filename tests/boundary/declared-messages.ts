// Every message that the four vocabularies export, found by its declaration: none is left out by forgetting to list it.
import * as core from '@anonymesh/protocol';
import * as answering from '@anonymesh/protocol-answering';
import * as asking from '@anonymesh/protocol-asking';
import * as outcome from '@anonymesh/protocol-outcome';

export type Declared = core.Message & { readonly declaredIn: core.Vocabulary };

export const declaredMessages: readonly Declared[] = Object.entries({ core, asking, answering, outcome }).flatMap(
  ([vocabulary, library]) =>
    Object.values(library as Record<string, unknown>)
      .filter(isMessage)
      .map((message) => ({ ...message, declaredIn: vocabulary as core.Vocabulary })),
);

const inside = new Set(declaredMessages.filter(({ carried }) => carried === 'inside').map(({ name }) => name));

/** A relay has the name of what it carries: it is told apart. */
export function nameOf({ name, carried }: Declared): string {
  return carried !== 'inside' && inside.has(name) ? `${name} (relayed)` : name;
}

function isMessage(value: unknown): value is core.Message {
  return typeof value === 'object' && value !== null && 'hops' in value && 'carried' in value && 'body' in value;
}
