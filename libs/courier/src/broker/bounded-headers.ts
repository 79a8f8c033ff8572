// The NATS client parses the headers of a reply that is empty. It throws on some, and is deaf from then on; and its time
// grows with the square of how many names there are. Who answers requests could so hold up whoever asks, for minutes or
// for good. Here it parses none that are longer than what a broker writes, and takes those that it cannot for none.
import { headers, type MsgHdrs } from '@nats-io/transport-node';

const most = 4096;

/** For all connections of this process: the client has one parser, and no option for it. */
export function boundHeaders(): void {
  parser.decode = (bytes) => {
    if (bytes.length > most) return headers();
    try {
      return decode(bytes);
    } catch {
      return headers();
    }
  };
}

const parser = headers().constructor as unknown as { decode: (bytes: Uint8Array) => MsgHdrs };
const { decode } = parser;
