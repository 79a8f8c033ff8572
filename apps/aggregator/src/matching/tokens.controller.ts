// tokens: some of a holder's records, as tags and envelopes that tell us nothing but which of them match. They wait on disk
// until those of all holders are here.
import { Refusal, sha256Of, type BodyOf, type OpenedChunk } from '@anonymesh/protocol';
import { Elsewhere, NODE, type Work } from '@anonymesh/courier';
import { tokens } from '@anonymesh/protocol-answering';
import { tokenShape } from '@anonymesh/psi';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { setTimeout as wait } from 'node:timers/promises';
import { settle } from '../collecting/settle.js';
import { findSet, openingText, updateSet, updateSetHolder } from '../store/sets.js';
import { compareLetter, insertLetter } from '../store/token-letters.js';
import { isOfShape } from './is-of-shape.js';
import { agreementOf, openSet, type OpenSet } from './open-set.js';
import type { SetNode } from './spool.js';

/** Milliseconds: about what it takes to keep the tokens of a letter. */
const pause = 20;

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
    await this.#leaveToOthers(letter, work);
    const open = await openSet(this.#node, work, letter);
    if (open.set.stage !== 'collecting') throw new Refusal('deadline-passed');
    await this.#claim(open, work);
    await this.#keep(open, letter, attachment, work);
    work.atEnd(open.id, () => settle(this.#node, work, open.query));
  }

  /**
   * Another copy's are given back no faster than they could be taken: else we would have all of them in hand, and nobody
   * anything else of the broker. Before any row is locked.
   */
  async #leaveToOthers({ queryId }: Tokens, { transaction }: Work): Promise<void> {
    const set = queryId === undefined ? undefined : await findSet(transaction, queryId);
    if (set === undefined || set.keeper === null || set.keeper === this.#node.spool.keeper) return;
    await wait(pause);
    throw new Elsewhere();
  }

  /** All of a query's tokens must be in one place: the copy of this app that takes the first of them takes them all. */
  async #claim({ id, set }: OpenSet, { transaction }: Work): Promise<void> {
    const { keeper } = this.#node.spool;
    if (set.keeper === null) await updateSet(transaction, id, { keeper });
    else if (set.keeper !== keeper) throw new Elsewhere();
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
