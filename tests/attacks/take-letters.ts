// Reads what waits for a party whose app is down, with that party's keys and from its own consumer: nobody is bound to run
// our programs.
import { openLetter, subjectOf, unseal, type Message, type Opened } from '@anonymesh/protocol';
import type { RunningMesh } from '@anonymesh/founding';
import type { Attacker } from './play-party.js';

const newline = '\n'.charCodeAt(0);

/** Letter after letter as they come, each acknowledged; what else is on the stream is passed over. Ends after so long. */
export async function* takeLetters(
  { self, party }: Attacker,
  { brokerPlan }: RunningMesh,
  messages: readonly Message[],
  seconds = 30,
): AsyncGenerator<Opened, void> {
  const receiver = brokerPlan.receivers.find((each) => each.party === self.id);
  if (receiver === undefined) throw new Error(`${self.id} receives nothing`);
  const consumer = await party.jetstream.consumers.get(receiver.stream, receiver.consumer);
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const taken = await consumer.next({ expires: 1000 });
    if (taken === null) continue;
    taken.ack();
    const expected = messages.filter((message) => subjectOf(message, self) === taken.subject);
    const letter = open(self, taken.subject, Buffer.from(taken.data), expected);
    if (letter !== undefined) yield letter;
  }
}

function open(self: Attacker['self'], on: string, sealed: Buffer, messages: readonly Message[]): Opened | undefined {
  const end = sealed.indexOf(newline);
  const [jwe, attached] = end === -1 ? [sealed] : [sealed.subarray(0, end), sealed.subarray(end + 1)];
  const text = unseal(jwe.toString('latin1'), self.keyring.sealing, { to: self.id, on });
  if (typeof text === 'string') return undefined;
  const now = Date.now();
  const signer = (kid: string) => self.directory.signer(kid, now);
  const letter = openLetter(text, { messages, self, signer, now, maxAge: 60_000 }, attached);
  return typeof letter === 'string' ? undefined : letter;
}
