// GET /api/v1/overview: whether this node is well, and what waits, for the holder's own staff and its monitoring.
import type { Bearer, BearingRequest } from '@anonymesh/web';
import { Controller, Get, Inject, Req } from '@nestjs/common';
import { BEARER } from '../staff/bearer.js';
import { authorise } from '../staff/roles.js';
import { LQI, type Lqi } from '../lqi.js';
import { overviewViewOf, type OverviewView } from './overview-view.js';

@Controller('api/v1/overview')
export class OverviewController {
  readonly #lqi: Lqi;
  readonly #bearer: Bearer | undefined;

  constructor(@Inject(LQI) lqi: Lqi, @Inject(BEARER) bearer: Bearer | undefined) {
    this.#lqi = lqi;
    this.#bearer = bearer;
  }

  @Get()
  async look(@Req() request: BearingRequest): Promise<OverviewView> {
    await authorise(this.#bearer, request, 'look');
    return overviewViewOf(await this.#lqi.overview());
  }
}
