// GET /api/v1/agreements: under which agreements the signed-in caseworker may ask today, and which fields each wants.
import { NODE, type StoreNode } from '@anonymesh/courier';
import type { Bearer, BearingRequest } from '@anonymesh/web';
import { Controller, Get, Inject, Req } from '@nestjs/common';
import { BEARER } from '../bearer.js';
import { agreementsFor } from './choose-agreement.js';
import { howItStands } from './how-it-stands.js';
import type { AskableAgreements } from './question.js';

@Controller('api/v1/agreements')
export class AgreementsController {
  readonly #node: StoreNode;
  readonly #bearer: Bearer;

  constructor(@Inject(NODE) node: StoreNode, @Inject(BEARER) bearer: Bearer) {
    this.#node = node;
    this.#bearer = bearer;
  }

  @Get()
  async list(@Req() request: BearingRequest): Promise<AskableAgreements> {
    const { roles } = await this.#bearer.authenticate(request);
    const { trust, courier } = this.#node;
    const asker = { requester: courier.self.id, roles };
    const chosen = agreementsFor(trust.agreements.values(), asker, Date.now());
    const listed = chosen.map(async ({ signed, role }) => {
      const { standing, inWords } = await howItStands(this.#node, signed);
      const { id, version, kind, title, purpose, legalBasis, fields, deadlineSeconds } = signed.content;
      const { content } = signed;
      const own = content.kind === 'check' ? { subjectKey: content.subjectKey } : { release: content.release };
      const stands = { standing, inWords };
      return { id, version, kind, title, purpose, legalBasis, role, ...stands, ...own, fields, deadlineSeconds };
    });
    return { agreements: await Promise.all(listed) };
  }
}
