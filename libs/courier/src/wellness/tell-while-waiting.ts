// A node that starts waits for its broker without end: meanwhile its log says who answers there, if anybody.
import { loggable, type Log } from '@anonymesh/runtime';
import { findBroker, type Broker } from './find-broker.js';

/** `end`: the broker is there, or will never be. */
export function tellWhileWaiting(broker: Broker, log: Log, every = 5000): { readonly end: () => void } {
  let ended = false;
  const tell = async () => {
    const { code } = await findBroker(broker);
    if (!ended) log.warn('broker.waited-for', { found: loggable.code(code) });
  };
  const timer = setInterval(() => void tell(), every).unref();
  return {
    end: () => {
      ended = true;
      clearInterval(timer);
    },
  };
}
