// The LQI's wiring: every way in is one of these controllers. What they need is opened in main.ts.
import { Module } from '@nestjs/common';
import { HealthController } from '@anonymesh/runtime';
import { DispatchController } from './inbound/dispatch.controller.js';

@Module({ controllers: [DispatchController, HealthController] })
export class LqiModule {}
