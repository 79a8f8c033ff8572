// Lends the client of a holder's MongoDB. A client keeps the certificates that it was made with: when their files have
// changed, the next statement gets a new one, and the old one goes when its last statement is over.
import { liveCredentials, requireNoTlsIn, type Credentials, type TlsFiles } from '@anonymesh/runtime';
import { MongoClient } from 'mongodb';

export interface Lent {
  readonly client: MongoClient;
  readonly giveBack: () => void;
}

export interface Clients {
  borrow(): Lent;
  close(): Promise<void>;
}

interface Made {
  readonly client: MongoClient;
  readonly held: Credentials;
  lent: number;
}

/** Throws where the connection string speaks of TLS beside the config, or its files cannot be read. */
export function openClients(url: string, files: TlsFiles | undefined): Clients {
  if (files !== undefined) requireNoTlsIn(url);
  const live = files === undefined ? {} : liveCredentials(files);
  const secured = files === undefined ? {} : { tls: true };
  const make = (): Made => {
    const held = { ...live };
    const patience = { serverSelectionTimeoutMS: 5000, connectTimeoutMS: 5000 };
    return { client: new MongoClient(url, { ...patience, appName: 'anonymesh', ...secured, ...held }), held, lent: 0 };
  };
  let current = make();
  const retire = (made: Made) => {
    if (made !== current && made.lent === 0) void made.client.close().catch(() => undefined);
  };
  return {
    borrow: () => {
      if (current.held.cert !== live.cert || current.held.ca !== live.ca) {
        const before = current;
        current = make();
        retire(before);
      }
      const made = current;
      made.lent++;
      return {
        client: made.client,
        giveBack: () => {
          made.lent--;
          retire(made);
        },
      };
    },
    close: () => current.client.close(),
  };
}
