// Who answers at the broker's address, found without a key: a NATS server speaks first, and says INFO.
import { connect } from 'node:net';

/** `silent`: takes the connection and says nothing. */
export type Greeting = 'nats' | 'not-nats' | 'silent' | 'refused' | 'unreachable' | 'name-unknown';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Of `nats://host:port`, `tls://host:port` or `host:port`. */
export function addressOf(server: string): Address {
  const { hostname, port } = new URL(/^\w+:\/\//.test(server) ? server : `nats://${server}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 4222) };
}

/** Takes no longer than about a second and a half. */
export function greetingOf({ host, port }: Address): Promise<Greeting> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let connected = false;
    const settle = (found: Greeting) => {
      for (const timer of timers) clearTimeout(timer);
      socket.destroy();
      resolve(found);
    };
    // Who waits to be spoken to, as a web server does, answers this in its own way.
    const nudge = setTimeout(() => connected && socket.write('PING\r\n\r\n'), 700);
    const timers = [nudge, setTimeout(() => settle(connected ? 'silent' : 'unreachable'), 1400)];
    socket.once('connect', () => (connected = true));
    socket.once('data', (data) => settle(data.toString('latin1').startsWith('INFO {') ? 'nats' : 'not-nats'));
    socket.once('end', () => settle('not-nats'));
    socket.once('error', (error) => settle(meaningOf('code' in error ? String(error.code) : '')));
  });
}

function meaningOf(code: string): Greeting {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name-unknown';
  if (code === 'ECONNREFUSED') return 'refused';
  return code === 'ECONNRESET' ? 'not-nats' : 'unreachable';
}
