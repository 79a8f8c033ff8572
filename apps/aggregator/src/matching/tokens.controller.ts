// tokens: some of a holder's records, as tags and envelopes that tell us nothing but which of them match. They wait on disk
// until those of all holders are here.
import { Refusal, sha256Of, type BodyOf, type OpenedChunk } from '@anonymesh/protocol';
import { NODE, type Work } from '@anonymesh/courier';
import { tokens } from '@anonymesh/protocol-answering';
import { tokenShape } from '@anonymesh/psi';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { settle } from '../collecting/settle.js';
import { openingText, updateSet, updateSetHolder } from '../store/sets.js';
import { compareLetter, insertLetter } from '../store/token-letters.js';
import { isOfShape } from './is-of-shape.js';
import { agreementOf, openSet, type OpenSet } from './open-set.js';
import type { SetNode } from './spool.js';

type Tokens = OpenedChunk<BodyOf<typeof tokens>>;

@Controller()
export class TokensController {
  readonly #node: SetNode;

  constructor(@Inject(NODE) node: SetNode) {
    this.#node = node;
  }

  @MessagePattern(tokens.name)
  async take(@Payload() letter: Tokens, @Ctx() work: Work): Promise<void> {
    const agreement = agreementOf(this.#node, letter);
    const { attachment } = letter;
    if (!isOfShape(agreement, letter.from.id, letter.body, attachment.length)) throw new Refusal('malformed');
    const open = await openSet(this.#node, work, letter);
    if (open.set.stage !== 'collecting') throw new Refusal('deadline-passed');
    await this.#keep(open, letter, attachment, work);
    work.atEnd(open.id, () => settle(this.#node, work, open.query));
  }

  async #keep(
    { id, agreement, sender }: OpenSet,
    { from, body }: Tokens,
    attachment: Buffer,
    { transaction }: Work,
  ): Promise<void> {
    const { records, first, control, sealing } = body;
    const opening = openingText({ control, ...(sealing === undefined ? {} : { sealing }) });
    const count = attachment.length / tokenShape(agreement).bytes;
    const letter = { query_id: id, holder: from.id, first, records: count, hash: sha256Of(attachment) };
    const isFirst = sender.opening === null;
    const isAlike = isFirst || (sender.opening === opening && sender.records === records);
    const compared = await compareLetter(transaction, letter);
    if (!isAlike || compared === 'differs') {
      await updateSetHolder(transaction, sender, { differs: true });
      return;
    }
    if (compared === 'same') return;
    // On disk before the row says that it is: what is written twice is written at its place.
    const combiner = await this.#node.spool.combinerOf(id, agreement);
    if (!(await combiner.add({ holder: from.id, records, first, tokens: attachment }))) throw new Refusal('malformed');
    await insertLetter(transaction, letter);
    const received = sender.received + count;
    await updateSetHolder(transaction, sender, { opening, records, received });
    if (received === records) await updateSet(transaction, id, { advanced: true });
  }
}
