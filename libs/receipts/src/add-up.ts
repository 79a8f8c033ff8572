// Adds the holders' masked answers up again, so that nobody has to believe the aggregator.
import { combine } from '@anonymesh/blind';
import type { BodyOf } from '@anonymesh/protocol';
import type { outcome } from '@anonymesh/protocol-outcome';
import type { Papers, Word } from './papers.js';
import { open, proven, wrong, type Statement } from './statement.js';

export function addUp(
  words: readonly Word[],
  said: BodyOf<typeof outcome>,
  { signed }: Papers,
  say: (statement: Statement) => void,
): void {
  const { content } = signed;
  // What the tags of a set have in common, its aggregator alone can count.
  if (content.kind !== 'check') return;
  // What holders had answered until then was dropped.
  if (said.code === 'retracted') return;
  const answers = words.flatMap((each) => (each.kind === 'answer' ? [each.body] : []));
  if (said.answered < content.holders.length) {
    // `refer`, as its schema has it: not everybody answered.
    if (answers.length > said.answered) say(wrong('outcome', 'more holders answered than the outcome says'));
    return;
  }
  if (answers.length < content.holders.length) {
    const counted = `${answers.length} of ${content.holders.length} answers are in the receipt`;
    return say(open('outcome', `${counted}: they cannot be added up`));
  }
  const masks = answers.map(({ masked, check }) => ({ masked: bytesOf(masked), check: bytesOf(check) }));
  const combined = combine(masks, content.holders.length, content.combination);
  const gives = 'refer' in combined ? 'refer' : combined.outcome;
  if (gives === said.outcome) say(proven('outcome', `the masked answers, added up again, give ${gives}`));
  else say(wrong('outcome', `the masked answers, added up again, give ${gives}, not ${said.outcome}`));
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'base64url');
}
