// The LQI's wiring: every way in is one of these controllers. What they need is opened in main.ts.
import { Module } from '@nestjs/common';
import { CheckpointController, NoticeController } from '@anonymesh/courier';
import { HealthController } from '@anonymesh/runtime';
import { AgreementsController } from './agreed/agreements.controller.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { OpenapiController } from './staff/openapi.controller.js';
import { DisclosuresController } from './disclosing/disclosures.controller.js';
import { DispatchController } from './inbound/dispatch.controller.js';
import { ExchangeController } from './inbound/exchange.controller.js';
import { MatchedController } from './inbound/matched.controller.js';
import { RetractController } from './inbound/retract.controller.js';
import { SubjectsController } from './erasing/subjects.controller.js';
import { OverviewController } from './overview/overview.controller.js';
import { TrialsController } from './trying/trials.controller.js';

@Module({
  controllers: [
    // from the coordinator, other holders and the aggregator, over the broker
    DispatchController,
    ExchangeController,
    MatchedController,
    RetractController,
    // from the holder's own people, over HTTP
    OverviewController,
    AgreementsController,
    TrialsController,
    DisclosuresController,
    SubjectsController,
    ApprovalsController,
    OpenapiController,
    CheckpointController,
    NoticeController,
    HealthController,
  ],
})
export class LqiModule {}
