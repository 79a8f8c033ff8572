// Hands a parcel to the broker, once or again: the second time it has the same id, and the same header.
import type { QueryId } from '@anonymesh/protocol';
import type { JetStreamClient, PubAck } from '@nats-io/jetstream';
import type { Parcel } from './parcel.js';
import type { Traces } from './tracing/traces.js';

/** Milliseconds: for the broker to answer. */
const patience = 5000;

/** Resolves when the broker has it. */
export function publish(
  jetstream: JetStreamClient,
  { subject, sealed, id, query }: Parcel & { readonly query?: QueryId | undefined },
  traces: Traces,
): Promise<PubAck> {
  // Begins when it may leave: when a holder had its answer is nobody's business.
  const end = traces.begin('send', { letter: id, subject, query });
  const taken = jetstream.publish(subject, sealed, { msgID: id, timeout: patience, ...traces.inject(id) });
  void taken.then(
    () => end('sent'),
    () => end('failed'),
  );
  return taken;
}
