// What a balancer or an orchestrator asks of every process, on the port of its pages: is it alive, can it work. Two words:
// why not, and what it counted, is told on its operator's own listener alone (monitoring.ts).
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { LOG, type Log } from './log.js';
import { READINESS, type Readiness, type ReadinessCheck, askReadiness } from './readiness.js';

type Reply = { status(code: number): unknown };

@Controller()
export class HealthController {
  readonly #checks: readonly ReadinessCheck[];
  readonly #log: Log;

  constructor(@Inject(READINESS) checks: readonly ReadinessCheck[], @Inject(LOG) log: Log) {
    this.#checks = checks;
    this.#log = log;
  }

  @Get('health/live')
  @Header('cache-control', 'no-store')
  live(): { live: true } {
    return { live: true };
  }

  @Get('health/ready')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: Reply): Promise<Pick<Readiness, 'ready'>> {
    const { ready } = await askReadiness(this.#checks, this.#log);
    reply.status(ready ? 200 : 503);
    return { ready };
  }
}
