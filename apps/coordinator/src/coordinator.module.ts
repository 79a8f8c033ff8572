// The coordinator's wiring: every way in is one of these controllers. What they need is opened in main.ts.
import { Module } from '@nestjs/common';
import { CheckpointController, NoticeController } from '@anonymesh/courier';
import { HealthController } from '@anonymesh/runtime';
import { SlipController } from './appealing/slip.controller.js';
import { AskController } from './asking/ask.controller.js';
import { RetractController } from './asking/retract.controller.js';
import { MatchesController } from './following/matches.controller.js';
import { OutcomeController } from './following/outcome.controller.js';
import { ProgressController } from './following/progress.controller.js';
import { ReceiptController } from './following/receipt.controller.js';
import { RecheckController } from './following/recheck.controller.js';

@Module({
  controllers: [
    AskController,
    RetractController,
    MatchesController,
    OutcomeController,
    ProgressController,
    ReceiptController,
    SlipController,
    RecheckController,
    CheckpointController,
    NoticeController,
    HealthController,
  ],
})
export class CoordinatorModule {}
