// The hops that declared messages make, written as boundaries.mjs writes them, and where the two differ.
import { subjectOf, type Message } from '@anonymesh/protocol';
import type { hops } from '../../boundaries.mjs';

type Hop = (typeof hops)[number];

/** Two ids, so that a subject in which the id stands twice, or not where it should, is not taken for the template. */
const sample = 'sample-party';

export function hopsOf(messages: readonly Message[]): Hop[] {
  return messages
    .filter(({ carried }) => carried !== 'inside')
    .flatMap((message) =>
      message.hops.map(({ from, to }) => {
        const subject = subjectOf(message, { kind: to, id: sample }).replaceAll(sample, '<id>');
        return { message: message.name, vocabulary: message.vocabulary, from, to, subject, carried: message.carried };
      }),
    ) as Hop[];
}

/** Hops in one list and not in the other, in words. */
export function differences(declared: readonly Hop[], table: readonly Hop[]): string[] {
  const [ours, theirs] = [declared.map(inWords), table.map(inWords)];
  return [
    ...ours.filter((hop) => !theirs.includes(hop)).map((hop) => `not in the table: ${hop}`),
    ...theirs.filter((hop) => !ours.includes(hop)).map((hop) => `not declared: ${hop}`),
    ...[ours, theirs]
      .flatMap((list) => list.filter((hop, index) => list.indexOf(hop) < index))
      .map((hop) => `twice: ${hop}`),
  ];
}

function inWords({ message, vocabulary, from, to, subject, carried }: Hop): string {
  return `${message} (${vocabulary}) ${from} -> ${to} on ${subject} as ${carried}`;
}
