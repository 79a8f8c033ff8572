// Makes the streams and consumers of a plan, or brings them up to date; run by the broker's operator, as often as it
// likes. Nobody else can: no other key has a right to the JetStream API beyond its own consumer.
import { longestKept } from '@anonymesh/protocol';
import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { inboxPrefixOf, meshAccount } from './broker-names.js';
import type { BrokerPlan, Receiver } from './broker-plan.js';
import { dial, type Dialling } from './dial.js';

const minute = 60_000;
const hour = 60 * minute;

export interface Provisioning extends Dialling {
  readonly plan: BrokerPlan;
  /** How long an unread message is kept: longer than any deadline. 15 days unless told. */
  readonly maxAgeHours?: number;
  /** When a message that was fetched and not acknowledged comes again. 30 seconds unless told. */
  readonly ackWaitSeconds?: number;
}

export async function provision({
  plan,
  maxAgeHours = longestKept / hour,
  ackWaitSeconds = 30,
  ...dialling
}: Provisioning): Promise<void> {
  const connection = await dial({ name: 'provisioning', ...dialling }, inboxPrefixOf(meshAccount));
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    for (const receiver of plan.receivers) {
      await provisionStream(manager, streamConfig(receiver, maxAgeHours));
      await provisionConsumer(manager, receiver.stream, consumerConfig(receiver, ackWaitSeconds));
    }
  } finally {
    await connection.close();
  }
}

function streamConfig({ stream, subjects, maxBytes }: Receiver, maxAgeHours: number): StreamSettings {
  return {
    name: stream,
    subjects: [...subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Workqueue,
    // A full stream refuses, and the sender's outbox keeps the message; the other choice drops the oldest unread.
    discard: DiscardPolicy.New,
    max_bytes: maxBytes,
    max_age: nanos(maxAgeHours * hour),
    duplicate_window: nanos(10 * minute),
    // Messages leave by being acknowledged or by age. A sender's `Nats-Rollup` header would otherwise be a purge.
    allow_rollup_hdrs: false,
    deny_delete: true,
    deny_purge: true,
    // Direct reading goes round the consumer.
    allow_direct: false,
  };
}
type StreamSettings = Partial<StreamConfig> & { name: string };

function consumerConfig({ consumer }: Receiver, ackWaitSeconds: number): ConsumerSettings {
  return {
    durable_name: consumer,
    deliver_policy: DeliverPolicy.All,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWaitSeconds * 1000),
    max_ack_pending: 2000,
    max_deliver: -1,
  };
}
type ConsumerSettings = Partial<ConsumerConfig> & { durable_name: string };

async function provisionStream(manager: JetStreamManager, config: StreamSettings): Promise<void> {
  if (await exists(manager.streams.info(config.name))) await manager.streams.update(config.name, config);
  else await manager.streams.add(config);
}

async function provisionConsumer(manager: JetStreamManager, stream: string, config: ConsumerSettings): Promise<void> {
  const { durable_name: name } = config;
  if (await exists(manager.consumers.info(stream, name))) await manager.consumers.update(stream, name, config);
  else await manager.consumers.add(stream, config);
}

async function exists(info: Promise<unknown>): Promise<boolean> {
  return info.then(
    () => true,
    (error: unknown) => {
      const missing: number[] = [JetStreamApiCodes.StreamNotFound, JetStreamApiCodes.ConsumerNotFound];
      if (error instanceof JetStreamApiError && missing.includes(error.code)) return false;
      throw error;
    },
  );
}
