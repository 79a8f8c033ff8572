// The portal's wiring: every way in is one of these controllers or a page (open-pages.ts), all of them for the subject. From
// the mesh come, unasked, notices of agreements and nothing else.
import { Module } from '@nestjs/common';
import { NoticeController } from '@anonymesh/courier';
import { HealthController } from '@anonymesh/runtime';
import { ExplanationsController } from './explaining/explanations.controller.js';
import { RechecksController } from './explaining/rechecks.controller.js';
import { OpenapiController } from './openapi.controller.js';

@Module({
  controllers: [ExplanationsController, RechecksController, OpenapiController, NoticeController, HealthController],
})
export class AppealPortalModule {}
