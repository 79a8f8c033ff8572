// Connects an app's controllers to the courier: from here on the party receives.
import type { Message } from '@anonymesh/protocol';
import type { INestApplication } from '@nestjs/common';
import { KeepFaults } from './keep-faults.js';
import { measureLetters } from './measuring/stage-seconds.js';
import type { StoreNode } from './node.js';
import { CourierStrategy } from './strategy.js';

/** `messages`: all that this party takes; each must have its controller, and each controller its message. */
export async function receive(
  app: INestApplication,
  { courier, log, metrics }: StoreNode,
  messages: readonly Message[],
): Promise<void> {
  const strategy = new CourierStrategy(courier, messages, log, measureLetters(metrics, messages));
  // Nest takes a filter only before its listeners are registered, and they are at once unless deferred.
  app.connectMicroservice({ strategy }, { deferInitialization: true }).useGlobalFilters(new KeepFaults());
  await app.startAllMicroservices();
}
