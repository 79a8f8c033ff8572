// The aggregator's wiring: every way in is one of these controllers, and takes one of these messages. What they need is
// opened in main.ts.
import { Module } from '@nestjs/common';
import { checkpoint, expect, notice, progress, retract, type Message } from '@anonymesh/protocol';
import { answer, explain, refusal, release, testimony, tokens } from '@anonymesh/protocol-answering';
import { CheckpointController, NoticeController } from '@anonymesh/courier';
import { HealthController } from '@anonymesh/runtime';
import { AnswerController } from './collecting/answer.controller.js';
import { ExpectController } from './collecting/expect.controller.js';
import { RetractController } from './collecting/retract.controller.js';
import { TestimonyController } from './collecting/testimony.controller.js';
import { ProgressController } from './matching/progress.controller.js';
import { ReleaseController } from './matching/release.controller.js';
import { TokensController } from './matching/tokens.controller.js';
import { ExplainController } from './releasing/explain.controller.js';

export const messages: readonly Message[] = [
  expect,
  retract,
  answer,
  refusal,
  testimony,
  tokens,
  release,
  progress,
  explain,
  checkpoint,
  notice,
];

@Module({
  controllers: [
    ExpectController,
    RetractController,
    AnswerController,
    TestimonyController,
    TokensController,
    ReleaseController,
    ProgressController,
    ExplainController,
    CheckpointController,
    NoticeController,
    HealthController,
  ],
})
export class AggregatorModule {}
