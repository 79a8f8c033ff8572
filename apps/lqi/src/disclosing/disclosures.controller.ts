// /api/v1/disclosures: what left this holder. The list names nobody; it is searched for a person by POST, so that no
// number of a person stands in an address, and by an administrator alone.
import { fieldFormat } from '@anonymesh/protocol';
import { readInput, Problem, type Bearer, type BearingRequest } from '@anonymesh/web';
import { Body, Controller, Get, Header, HttpCode, Inject, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { BEARER } from '../staff/bearer.js';
import { authorise } from '../staff/roles.js';
import { LQI, type Lqi } from '../lqi.js';
import { csvOf } from './csv.js';
import { disclosureView } from './disclosure-view.js';
import type { DisclosurePage } from './find.js';

const before = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export const paging = z.object({ before: before.optional() });

export const disclosureSearch = z.strictObject({
  format: fieldFormat,
  value: z.string().min(1).max(200),
  before: before.optional(),
});

export const disclosureList = z.strictObject({
  total: z.int(),
  disclosures: z.array(disclosureView),
  next: z.int().nullable(),
});

@Controller('api/v1')
export class DisclosuresController {
  readonly #lqi: Lqi;
  readonly #bearer: Bearer | undefined;

  constructor(@Inject(LQI) lqi: Lqi, @Inject(BEARER) bearer: Bearer | undefined) {
    this.#lqi = lqi;
    this.#bearer = bearer;
  }

  @Get('disclosures')
  async list(@Req() request: BearingRequest, @Query() query: unknown): Promise<DisclosurePage> {
    await authorise(this.#bearer, request, 'look');
    return this.#lqi.disclosures.page(readInput(paging, query).before);
  }

  @Post('disclosures/search')
  @HttpCode(200)
  async search(@Req() request: BearingRequest, @Body() body: unknown): Promise<DisclosurePage> {
    await authorise(this.#bearer, request, 'search');
    const given = readInput(disclosureSearch, body);
    const found = await this.#lqi.disclosures.about(given, given.before);
    if (found === undefined) {
      const message = 'is not in the right format';
      throw Problem.of('invalid-input', { errors: [{ field: 'value', code: 'wrong-format', message }] });
    }
    return found;
  }

  @Get('disclosures.csv')
  @Header('content-disposition', 'attachment; filename="disclosures.csv"')
  async download(@Req() request: BearingRequest): Promise<StreamableFile> {
    await authorise(this.#bearer, request, 'export');
    const text = Readable.from(csvOf(this.#lqi.disclosures.everything()));
    return new StreamableFile(text, { type: 'text/csv; charset=utf-8' });
  }
}
