// A party that is played, with its real keys, its own connection to the broker and its own consumer, and nothing else: no
// store, no log, no pages. What it sends and opens is as large and as sealed as that of a real one.
import { openCourier, type BrokerPlan, type Courier, type Self } from '@anonymesh/courier';
import { openLetter, subjectOf, unseal, type Message, type Opened, type PartyId } from '@anonymesh/protocol';
import { openLog, openMetrics } from '@anonymesh/runtime';
import type { LargeMesh } from './large-mesh.js';

export interface Played {
  readonly courier: Courier;
  stop(): Promise<void>;
}

const silent = { write: () => undefined };
const log = openLog({ app: 'bench', to: silent });

/** `take` is called with each letter of these messages; what else comes is acknowledged unread. */
export async function play(
  mesh: LargeMesh,
  { url, plan }: { readonly url: string; readonly plan: BrokerPlan },
  id: PartyId,
  messages: readonly Message[],
  take: (letter: Opened, courier: Courier) => void | Promise<void>,
): Promise<Played> {
  const party = mesh.all.find((each) => each.id === id);
  const receiver = plan.receivers.find((each) => each.party === id);
  if (party === undefined || receiver === undefined) throw new Error(`${id} is not in this mesh`);
  const metrics = openMetrics({ processMetrics: false });
  const self = mesh.self(id);
  const courier = await openCourier({ self, servers: [url], brokerSeed: party.broker.seed, log, metrics });
  const consumer = await courier.party.jetstream.consumers.get(receiver.stream, receiver.consumer);
  let stopping = false;
  const reading = (async () => {
    while (!stopping) {
      // As a node does: a fetch lives five seconds.
      for await (const message of await consumer.fetch({ max_messages: 100, expires: 5000 })) {
        message.ack();
        const letter = open(self, message.subject, Buffer.from(message.data).toString('latin1'), messages);
        if (letter !== undefined) await take(letter, courier);
      }
    }
  })().catch((error: unknown) => {
    if (!stopping) throw error;
  });
  return {
    courier,
    stop: async () => {
      stopping = true;
      await courier.party.connection.close();
      await reading;
    },
  };
}

function open(self: Self, on: string, sealed: string, messages: readonly Message[]): Opened | undefined {
  const expected = messages.filter((message) => subjectOf(message, self) === on);
  const text = expected.length === 0 ? 'malformed' : unseal(sealed, self.keyring.sealing, { to: self.id, on });
  if (typeof text === 'string') return undefined;
  const now = Date.now();
  const signer = (kid: string) => self.directory.signer(kid, now);
  const letter = openLetter(text, { messages: expected, self, signer, now, maxAge: 60_000 });
  return typeof letter === 'string' ? undefined : letter;
}
