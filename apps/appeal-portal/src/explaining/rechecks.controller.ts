// POST /api/v1/rechecks: the signed-in person wishes that the requester ask anew. The wish travels sealed to the
// requester; whether it follows it, the requester decides.
import { readInput } from '@anonymesh/web';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { IDENTIFY, type Identify, type PortalRequest } from '../identify.js';
import { APPEALS, type Appeals } from './appeals.js';
import { appealInput, type WishView } from './explanation-view.js';

@Controller('api/v1/rechecks')
export class RechecksController {
  readonly #identify: Identify;
  readonly #appeals: Appeals;

  constructor(@Inject(IDENTIFY) identify: Identify, @Inject(APPEALS) appeals: Appeals) {
    this.#identify = identify;
    this.#appeals = appeals;
  }

  @Post()
  @HttpCode(202)
  async askAnew(@Req() request: PortalRequest, @Body() body: unknown): Promise<WishView> {
    const person = await this.#identify.byToken(request);
    const { reference } = readInput(appealInput, body);
    await this.#appeals.askAnew({ reference, identity: person.identity }, person);
    return { state: 'asked' };
  }
}
