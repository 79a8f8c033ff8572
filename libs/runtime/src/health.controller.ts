// What the operator's monitoring asks of every process: is it alive, can it work, what did it count. Nobody learns
// anything about a query from it.
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { LOG, type Log } from './log.js';
import { METRICS, type Metrics } from './metrics.js';
import { READINESS, type Readiness, type ReadinessCheck, askReadiness } from './readiness.js';

type Reply = { status(code: number): unknown; header(name: string, value: string): unknown };

@Controller()
export class HealthController {
  readonly #checks: readonly ReadinessCheck[];
  readonly #metrics: Metrics;
  readonly #log: Log;

  constructor(
    @Inject(READINESS) checks: readonly ReadinessCheck[],
    @Inject(METRICS) metrics: Metrics,
    @Inject(LOG) log: Log,
  ) {
    this.#checks = checks;
    this.#metrics = metrics;
    this.#log = log;
  }

  @Get('health/live')
  @Header('cache-control', 'no-store')
  live(): { live: true } {
    return { live: true };
  }

  @Get('health/ready')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: Reply): Promise<Readiness> {
    const readiness = await askReadiness(this.#checks, this.#log);
    reply.status(readiness.ready ? 200 : 503);
    return readiness;
  }

  @Get('metrics')
  @Header('cache-control', 'no-store')
  async metrics(@Res({ passthrough: true }) reply: Reply): Promise<string> {
    reply.header('content-type', this.#metrics.contentType);
    return this.#metrics.print();
  }
}
