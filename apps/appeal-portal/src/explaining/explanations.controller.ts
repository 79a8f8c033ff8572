// POST /api/v1/explanations: shows the signed-in person which holders had concerns in the query under a reference.
import { readInput } from '@anonymesh/web';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { IDENTIFY, type Identify, type PortalRequest } from '../identify.js';
import { APPEALS, type Appeals } from './appeals.js';
import { appealInput, viewOf, type ExplanationView } from './explanation-view.js';

@Controller('api/v1/explanations')
export class ExplanationsController {
  readonly #identify: Identify;
  readonly #appeals: Appeals;

  constructor(@Inject(IDENTIFY) identify: Identify, @Inject(APPEALS) appeals: Appeals) {
    this.#identify = identify;
    this.#appeals = appeals;
  }

  @Post()
  @HttpCode(200)
  async explain(@Req() request: PortalRequest, @Body() body: unknown): Promise<ExplanationView> {
    const person = await this.#identify.byToken(request);
    const { reference } = readInput(appealInput, body);
    return viewOf(await this.#appeals.explain({ reference, identity: person.identity }, person));
  }
}
