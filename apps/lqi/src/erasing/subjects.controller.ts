// /api/v1/subjects: what this holder keeps about one person, and its erasure; by POST, so that no number of a person
// stands in an address, and by an administrator alone. The log has an entry of each erasure, which names nobody.
import type { HeldAbout } from '@anonymesh/api';
import { canonicalText, fieldFormat } from '@anonymesh/protocol';
import { forgetDeleted } from '@anonymesh/store';
import { Problem, readInput, type Bearer, type BearingRequest } from '@anonymesh/web';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { z } from 'zod';
import { BEARER } from '../staff/bearer.js';
import { authorise } from '../staff/roles.js';
import { LQI, type Lqi } from '../lqi.js';
import { eraseHeld, heldOf } from './held.js';

export const subject = z.strictObject({ format: fieldFormat, value: z.string().min(1).max(200) });

@Controller('api/v1/subjects')
export class SubjectsController {
  readonly #lqi: Lqi;
  readonly #bearer: Bearer | undefined;

  constructor(@Inject(LQI) lqi: Lqi, @Inject(BEARER) bearer: Bearer | undefined) {
    this.#lqi = lqi;
    this.#bearer = bearer;
  }

  @Post('find')
  @HttpCode(200)
  async find(@Req() request: BearingRequest, @Body() body: unknown): Promise<HeldAbout> {
    await authorise(this.#bearer, request, 'search');
    return heldOf(this.#lqi.node.courier.store.knex, this.#markOf(body));
  }

  @Post('erase')
  @HttpCode(200)
  async erase(@Req() request: BearingRequest, @Body() body: unknown): Promise<HeldAbout> {
    const { subject: by } = await authorise(this.#bearer, request, 'erase');
    const mark = this.#markOf(body);
    const { courier, log } = this.#lqi.node;
    const erased = await courier.transact(async (work) => {
      const held = await eraseHeld(work.transaction, mark);
      // Words that only their salt opens; whom it was about is not among them.
      if (held !== 'open')
        work.enter({ did: 'decided', what: 'subject-erased', words: JSON.stringify({ by, erased: held }) });
      return held;
    });
    if (erased === 'open')
      throw new Problem('query-open', 409, 'A query about this person has not ended: erase again once it has');
    await forgetDeleted(courier.store);
    const { disclosures, remembered, counted, openable } = erased;
    log.info('subject.erased', { rows: disclosures + remembered + counted, entries: openable });
    return erased;
  }

  #markOf(body: unknown): string {
    const { format, value } = readInput(subject, body);
    const canonical = canonicalText(format, value);
    if (canonical !== undefined) return this.#lqi.gate.mark(format, canonical);
    const message = 'is not in the right format';
    throw Problem.of('invalid-input', { errors: [{ field: 'value', code: 'wrong-format', message }] });
  }
}
