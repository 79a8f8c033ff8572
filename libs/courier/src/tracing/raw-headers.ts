// The headers of a message as bytes. The client's own `headers` throws on some of what a broker passes on, and its time
// grows with the square of how many names there are: seconds for the 64 KiB that a stream takes, minutes for the megabyte
// of a request, in which the process does nothing else.
import type { JsMsg } from '@nats-io/jetstream';
import type { Msg } from '@nats-io/transport-node';

/** What the client keeps of a message, and does not declare. */
interface Kept {
  readonly msg?: Kept;
  /** How many bytes of `_rdata` are headers; -1 where there are none. */
  readonly _msg?: { readonly hdr: number };
  readonly _rdata?: Uint8Array;
}

/** Undefined where there are none, or a newer client keeps them elsewhere. */
export function rawHeaders(message: Msg | JsMsg): Uint8Array | undefined {
  const kept = message as Kept;
  const { _msg, _rdata } = kept.msg ?? kept;
  return _msg === undefined || _msg.hdr < 0 ? undefined : _rdata?.subarray(0, _msg.hdr);
}
