// GET /api/v1/agreements: the agreements that name this holder, what keeps them from being answered, and their template.
import type { Bearer, BearingRequest } from '@anonymesh/web';
import { Controller, Get, Inject, Req } from '@nestjs/common';
import { BEARER } from '../staff/bearer.js';
import { authorise } from '../staff/roles.js';
import { LQI, type Lqi } from '../lqi.js';
import { agreementViewOf, type AgreementView } from './agreement-view.js';
import { standingAgreements } from './standing-agreements.js';

@Controller('api/v1/agreements')
export class AgreementsController {
  readonly #lqi: Lqi;
  readonly #bearer: Bearer | undefined;

  constructor(@Inject(LQI) lqi: Lqi, @Inject(BEARER) bearer: Bearer | undefined) {
    this.#lqi = lqi;
    this.#bearer = bearer;
  }

  @Get()
  async list(@Req() request: BearingRequest): Promise<{ readonly agreements: readonly AgreementView[] }> {
    await authorise(this.#bearer, request, 'look');
    return { agreements: (await standingAgreements(this.#lqi, Date.now())).map(agreementViewOf) };
  }
}
