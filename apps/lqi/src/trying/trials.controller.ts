// POST /api/v1/trials: tries an agreement's template on a sample, for the holder's own administrators. What it finds is in
// the answer and nowhere else.
import { readInput, Problem, type Bearer, type BearingRequest } from '@anonymesh/web';
import { Body, Controller, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { z } from 'zod';
import { ownAgreements } from '../agreed/own-agreements.js';
import { BEARER } from '../staff/bearer.js';
import { authorise } from '../staff/roles.js';
import { LQI, type Lqi } from '../lqi.js';
import { readSample } from './read-sample.js';
import type { Attempted } from './open-trials.js';

/** `agreement`: its hash. `fields`: what the holder would receive, and `asOf`, the day of asking, today unless told. */
export const trial = z.strictObject({
  agreement: z.string().max(64),
  fields: z.record(z.string().max(64), z.string().max(400)),
});

const milliseconds = z.int().min(0);
export const trialResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('check'), concern: z.boolean(), reason: z.string(), milliseconds }),
  z.strictObject({
    kind: z.literal('set'),
    records: z.int(),
    columns: z.array(z.string()),
    cut: z.boolean(),
    milliseconds,
  }),
  z.strictObject({
    kind: z.literal('failed'),
    code: z.enum(['timeout', 'too-many-rows', 'unavailable', 'statement', 'unfit', 'no-template', 'busy']),
  }),
]);

@Controller('api/v1/trials')
export class TrialsController {
  readonly #lqi: Lqi;
  readonly #bearer: Bearer | undefined;

  constructor(@Inject(LQI) lqi: Lqi, @Inject(BEARER) bearer: Bearer | undefined) {
    this.#lqi = lqi;
    this.#bearer = bearer;
  }

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async try(@Req() request: BearingRequest, @Body() body: unknown): Promise<Attempted> {
    await authorise(this.#bearer, request, 'try');
    const given = readInput(trial, body);
    const { holder, tryPinned } = this.#lqi;
    const now = Date.now();
    const own = ownAgreements(holder, now).find(({ signed }) => signed.hash === given.agreement);
    if (own === undefined) throw Problem.of('not-found');
    const sample = readSample(own, given.fields, now);
    if (!('errors' in sample)) return tryPinned(own, sample);
    const errors = sample.errors.map((error) => ({
      ...error,
      field: error.field === '' ? 'fields' : `fields.${error.field}`,
    }));
    throw Problem.of('invalid-input', { errors });
  }
}
