// What one party could read of all that has passed on the broker's line: every letter to it, opened with its keys, and
// what was attached to it.
import { answer, matched, refusal, release, tokens } from '@anonymesh/protocol-answering';
import { exchange } from '@anonymesh/protocol-asking';
import { dispatch, expect, openLetter, progress, subjectOf, unseal, type Message } from '@anonymesh/protocol';
import type { Self } from '@anonymesh/courier';

export interface SeenLetter {
  readonly name: string;
  readonly from: string;
  readonly queryId: string | undefined;
  readonly body: unknown;
  readonly attachment: Buffer;
}

const messages: readonly Message[] = [dispatch, expect, exchange, answer, refusal, tokens, matched, release, progress];
const newline = '\n'.charCodeAt(0);

/** The letters to that party, as they were published. */
export function openView(lines: readonly Buffer[], self: Self): SeenLetter[] {
  const takes = messages.filter(({ hops }) => hops.some(({ to }) => to === self.kind));
  return lines.flatMap((line) => [...published(line)].flatMap((payload) => open(payload, self, takes) ?? []));
}

/** The payloads of PUB and HPUB on one connection, those without headers first (NATS client protocol). */
function* published(line: Buffer): Generator<Buffer, void> {
  for (let at = 0; at < line.length;) {
    const end = line.indexOf('\r\n', at);
    if (end === -1) return;
    const [verb, ...words] = line.toString('latin1', at, end).split(' ');
    at = end + 2;
    if (verb !== 'PUB' && verb !== 'HPUB') continue;
    const whole = Number(words.at(-1));
    const headers = verb === 'HPUB' ? Number(words.at(-2)) : 0;
    yield line.subarray(at + headers, at + whole);
    at += whole + 2;
  }
}

function open(payload: Buffer, self: Self, takes: readonly Message[]): SeenLetter | undefined {
  const end = payload.indexOf(newline);
  const [jwe, attached] = end === -1 ? [payload] : [payload.subarray(0, end), payload.subarray(end + 1)];
  for (const on of new Set(takes.map((message) => subjectOf(message, self)))) {
    const text = unseal(jwe.toString('latin1'), self.keyring.sealing, { to: self.id, on });
    if (typeof text === 'string') continue;
    const now = Date.now();
    const signer = (kid: string) => self.directory.signer(kid, now);
    const expected = { messages: takes.filter((message) => subjectOf(message, self) === on), self, signer, now };
    const letter = openLetter(text, { ...expected, maxAge: 3_600_000 }, attached);
    if (typeof letter === 'string') throw new Error(`${self.id} cannot read a letter to it: ${letter}`);
    const { message, from, queryId, body, attachment = Buffer.alloc(0) } = letter;
    return { name: message.name, from: from.id, queryId, body, attachment };
  }
  return undefined;
}
