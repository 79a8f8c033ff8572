// The requester's wiring: every way in is one of these controllers, or a page (open-pages.ts). What they need is opened
// in main.ts.
import { Module } from '@nestjs/common';
import { CheckpointController, NoticeController } from '@anonymesh/courier';
import { HealthController } from '@anonymesh/runtime';
import { AgreementsController } from './asking/agreements.controller.js';
import { QueriesController } from './asking/queries.controller.js';
import { RetractionsController } from './asking/retractions.controller.js';
import { OutcomeController } from './following/outcome.controller.js';
import { ProgressController } from './following/progress.controller.js';
import { ReceiptController } from './following/receipt.controller.js';
import { TestimoniesController } from './following/testimonies.controller.js';
import { ViewsController } from './following/views.controller.js';
import { MatchesController } from './matching/matches.controller.js';
import { RecordsController } from './matching/records.controller.js';
import { OpenapiController } from './openapi.controller.js';
import { RecheckController } from './rechecking/recheck.controller.js';

@Module({
  controllers: [
    // from caseworkers, over HTTP
    AgreementsController,
    QueriesController,
    RetractionsController,
    ViewsController,
    ReceiptController,
    RecordsController,
    OpenapiController,
    // from the coordinator, over the broker
    ProgressController,
    OutcomeController,
    TestimoniesController,
    MatchesController,
    RecheckController,
    CheckpointController,
    NoticeController,
    HealthController,
  ],
})
export class RequesterUiModule {}
