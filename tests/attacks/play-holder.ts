// A holder of a set query that runs none of our programs: with its real keys and its real set it does its part of the ring
// and tells the aggregator, and every step of it can be bent. Where nothing is, it is as honest as the real one.
import { agreeWith } from '@anonymesh/blind';
import type { RunningMesh } from '@anonymesh/founding';
import { base64url, type BodyOf, type QueryId, type SetAgreement } from '@anonymesh/protocol';
import { matched, mostTokenBytes, tokens } from '@anonymesh/protocol-answering';
import { exchange, pointsInChunk } from '@anonymesh/protocol-asking';
import {
  bucketOf,
  chooseEngine,
  controlInput,
  controlOf,
  deriveScalars,
  keyInputs,
  openSender,
  recordBytes,
  tokenShape,
  tokensOf,
  uniformOf,
} from '@anonymesh/psi';
import { randomBytes } from 'node:crypto';
import type { Attacker } from './play-party.js';
import { takeLetters } from './take-letters.js';

export type Row = Readonly<Record<string, unknown>>;

/** A chunk of a list, as a letter carries it. */
export interface Chunk {
  readonly body: BodyOf<typeof exchange>;
  readonly chunk: number;
  readonly points: Uint8Array;
}

/** Some tokens, as a letter carries them. */
export interface Told {
  readonly body: BodyOf<typeof tokens>;
  readonly bytes: Buffer;
}

export interface Bent {
  /** Records of the padded set; the bucket of the rows unless told. */
  readonly records?: number;
  /** What leaves in place of the own list. */
  readonly sends?: (list: readonly Chunk[]) => readonly Chunk[];
  /** The other's list as it is given back, chunk by chunk. */
  readonly returns?: (points: Uint8Array) => Uint8Array;
  /** What the aggregator is told in place of the tokens; it may wait for something before. */
  readonly tells?: (told: readonly Told[]) => readonly Told[] | Promise<readonly Told[]>;
}

/** Does the attacker's part in a query of two holders. Resolves when it has told the aggregator, or the query is over. */
export async function playHolder(
  attacker: Attacker,
  mesh: RunningMesh,
  query: { readonly queryId: QueryId; readonly rows: readonly Row[] },
  bent: Bent = {},
): Promise<void> {
  const part = await openPart(attacker, query, bent);
  for (const each of (bent.sends ?? unbent)(part.list)) await part.send(each);
  const back: Uint8Array[] = [];
  let awaited = Infinity;
  for await (const letter of takeLetters(attacker, mesh, [exchange, matched])) {
    if (letter.queryId !== query.queryId) continue;
    if (letter.message.name === matched.name) return;
    const { attachment = Buffer.alloc(0), chunk = 0 } = letter;
    const body = letter.body as Chunk['body'];
    if (body.owner === attacker.self.id) back[chunk] = part.finish(attachment);
    else {
      const points = (bent.returns ?? unbent)(part.pass(attachment));
      await part.send({ body, chunk, points });
      awaited = Math.min(awaited, body.points) - points.length / 32;
    }
    if (Object.keys(back).length === part.list.length && awaited === 0) break;
  }
  for (const told of await (bent.tells ?? unbent)(await part.tokens(Buffer.concat(back)))) await part.tell(told);
}

const unbent = <Value>(value: Value): Value => value;

async function openPart(
  attacker: Attacker,
  { queryId, rows }: { readonly queryId: QueryId; readonly rows: readonly Row[] },
  { records = bucketOf(rows.length) }: Bent,
) {
  const { self, agreement: signed } = attacker;
  const agreement = signed.content as SetAgreement;
  const other = agreement.holders.map(({ id }) => id).find((id) => id !== self.id) ?? '';
  const shape = tokenShape(agreement);
  const seed = randomBytes(32);
  const scalars = deriveScalars(seed, queryId);
  const engine = await chooseEngine();
  const uniform = uniformsOf(agreement, queryId, rows, records);
  const blinded = withOneInEach(engine.hashAndMultiply(uniform, scalars.blind), () => engine.hash(randomBytes(64)));
  const body = { agreement: signed.hash, owner: self.id, points: blinded.length / 32 };
  const list = inChunks(blinded).map((points, chunk): Chunk => ({ body, chunk, points }));
  const ownMask = self.directory.maskKey(self.id, Date.now())?.kid ?? '';
  const peer = self.directory.maskKey(other, Date.now());
  const mask = self.keyring.mask(ownMask);
  if (mask === undefined || peer === undefined) throw new Error('a mask key is missing');
  const words = { query: queryId, shape, holder: self.id, pairSecrets: { [other]: agreeWith(mask.key, peer.key) } };
  return {
    list,
    pass: (points: Uint8Array) => engine.multiply(points, scalars.key),
    finish: (points: Uint8Array) => engine.multiply(points.subarray(0, -32), scalars.finish),
    send: (chunk: Chunk) =>
      attacker.post(exchange, {
        to: other,
        queryId,
        body: chunk.body,
        attachment: chunk.points,
        chunk: chunk.chunk,
      }),
    tokens: async (points: Buffer): Promise<readonly Told[]> => {
      const sealing = await sealingOf(attacker, agreement, queryId, seed);
      const slots = points.subarray(0, records * shape.keys * 32);
      const released = releasesOf(agreement, self.id, rows, records);
      const bytes = tokensOf({ ...words, first: 0, points: slots, releases: { seed, ...sealing, ...released } });
      const control = controlOf({ ...words, points: points.subarray(slots.length) });
      const inLetter = Math.floor(mostTokenBytes / shape.bytes);
      const head = { agreement: signed.hash, records, control, sealing: sealing.named };
      return Array.from({ length: Math.ceil(records / inLetter) }, (_, letter) => ({
        body: { ...head, first: letter * inLetter },
        bytes: bytes.subarray(letter * inLetter * shape.bytes, (letter + 1) * inLetter * shape.bytes),
      }));
    },
    tell: ({ body: told, bytes: attachment }: Told) =>
      attacker.post(tokens, { to: 'aggregator', queryId, body: told, attachment, chunk: 0 }),
  };
}

/** Slot after slot, then the control: an order that a careful holder would not choose, and nobody else can see. */
function uniformsOf({ keys }: SetAgreement, queryId: QueryId, rows: readonly Row[], records: number): Buffer {
  const uniform = randomBytes((records * keys.length + 1) * 64);
  rows.forEach((row, record) => {
    const inputs = keyInputs(keys, row);
    if (inputs === 'unfit') throw new Error('a row that does not fit');
    inputs.forEach((input, slot) => {
      if (input !== undefined) uniform.set(uniformOf(queryId, input), (record * keys.length + slot) * 64);
    });
  });
  uniform.set(uniformOf(queryId, controlInput()), uniform.length - 64);
  return uniform;
}

/** In each chunk one more, in the last place: where honest holders hide what they know honest hops by. */
function withOneInEach(points: Uint8Array, one: () => Uint8Array): Uint8Array {
  const size = (pointsInChunk - 1) * 32;
  const count = Math.ceil(points.length / size);
  return Buffer.concat(
    Array.from({ length: count }, (_, at) => [points.slice(at * size, (at + 1) * size), one()]).flat(),
  );
}

function inChunks(points: Uint8Array): Uint8Array[] {
  const size = pointsInChunk * 32;
  return Array.from({ length: Math.ceil(points.length / size) }, (_, at) => points.slice(at * size, (at + 1) * size));
}

function releasesOf({ holders, record }: SetAgreement, self: string, rows: readonly Row[], count: number) {
  const releases = holders.find(({ id }) => id === self)?.releases ?? [];
  const records = Buffer.alloc(count * record.bytes);
  const dummies = new Uint8Array(count).fill(1);
  rows.forEach((row, index) => {
    const bytes = recordBytes(releases, row, record.bytes);
    if (bytes === 'unfit') throw new Error('a record that does not fit');
    records.set(bytes, index * record.bytes);
    dummies[index] = 0;
  });
  return { records, dummies };
}

async function sealingOf({ self, agreement }: Attacker, { askers }: SetAgreement, query: QueryId, seed: Buffer) {
  const requester = askers[0]?.requester ?? '';
  const to = self.directory.sealingKey(requester, Date.now());
  const own = self.keyring.sealing(self.directory.sealingKey(self.id, Date.now())?.kid ?? '');
  if (to === undefined || own === undefined) throw new Error('a sealing key is missing');
  const context = { query, agreement: agreement.hash, holder: self.id, requester };
  const { enc, exportSecret } = await openSender(context, { sender: own.key, recipient: to.key, ephemeral: seed });
  return { exportSecret, named: { enc: base64url(enc), to: to.kid } };
}
