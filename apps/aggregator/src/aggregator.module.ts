// The aggregator's wiring: every way in is one of these controllers. What they need is opened in main.ts.
import { Module } from '@nestjs/common';
import { HealthController } from '@anonymesh/runtime';
import { AnswerController } from './collecting/answer.controller.js';
import { ExpectController } from './collecting/expect.controller.js';
import { ProgressController } from './matching/progress.controller.js';
import { ReleaseController } from './matching/release.controller.js';
import { TokensController } from './matching/tokens.controller.js';
import { ExplainController } from './releasing/explain.controller.js';

@Module({
  controllers: [
    ExpectController,
    AnswerController,
    TokensController,
    ReleaseController,
    ProgressController,
    ExplainController,
    HealthController,
  ],
})
export class AggregatorModule {}
