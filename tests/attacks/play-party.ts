// An attacker who is a party of the mesh: its real keys, its real account on the broker, and a will of its own. Its app
// goes on running beside it.
import { readFileSync } from 'node:fs';
import { openCourier, type Courier, type Self } from '@anonymesh/courier';
import { brokerUrl, placesOf, type RunningMesh } from '@anonymesh/founding';
import {
  seal,
  signLetter,
  subjectOf,
  type Letter,
  type Message,
  type PartyId,
  type SigningKey,
} from '@anonymesh/protocol';
import { openLog, openMetrics, readCredentials } from '@anonymesh/runtime';
import { openKeyring, openTrust, type SignedAgreement } from '@anonymesh/trust';
import { parse } from 'yaml';

export interface Attacker extends Courier {
  readonly agreement: SignedAgreement;
  /** Publishes bytes on a subject; rejects where the broker does not let this party. */
  publish(subject: string, bytes: Uint8Array): Promise<void>;
  /** Signs, seals and publishes a letter, with whatever is not as it should be. */
  post<Body>(message: Message<Body>, letter: Omit<Letter<Body>, 'from'>, forgery?: Forgery): Promise<void>;
}

export interface Forgery {
  readonly from?: PartyId;
  readonly by?: SigningKey;
  /** Whose sealing key it is sealed to. */
  readonly sealedFor?: PartyId;
  /** The subject that it is sealed for, where it is published on another. */
  readonly on?: string;
  /** Who receives it, where that is not whom the letter names. */
  readonly deliveredTo?: PartyId;
}

/** `agreement`: the id of the one that it attacks; the first on checks unless told. */
export async function playParty(mesh: RunningMesh, id: PartyId, agreement?: string): Promise<Attacker> {
  const self = selfOf(mesh, id, agreement);
  const silent = { write: () => undefined };
  const courier = await openCourier({
    self,
    servers: [brokerUrl(mesh.ports)],
    tls: readCredentials(placesOf(mesh.dir, id).tls),
    brokerSeed: Buffer.from(readFileSync(placesOf(mesh.dir, id).brokerSeed, 'utf8').trim()),
    log: openLog({ app: 'attacker', to: silent }),
    metrics: openMetrics(),
  });
  const publish: Attacker['publish'] = async (subject, bytes) => {
    await courier.party.jetstream.publish(subject, bytes);
  };
  return {
    ...courier,
    agreement: self.agreement,
    publish,
    post: async (message, letter, forgery = {}) => {
      const { subject, sealed } = await forge(self, message, letter, forgery);
      return publish(subject, sealed);
    },
  };
}

/** Who a party is, with the keys and the trust that its own folder holds. */
export function selfOf(
  { dir, parties }: RunningMesh,
  id: PartyId,
  agreementId?: string,
): Self & { readonly agreement: SignedAgreement } {
  const places = placesOf(dir, id);
  const { trust } = parse(readFileSync(places.config, 'utf8')) as { trust: { operator: string } };
  const { directory, agreements } = openTrust({ ...places, operator: trust.operator });
  const kind = parties.find((party) => party.id === id)?.kind ?? 'holder';
  const keyring = openKeyring({
    signing: places.key('signing'),
    sealing: [places.key('sealing')],
    mask: kind === 'holder' ? [places.key('mask')] : [],
  });
  const agreement = [...agreements.values()].find(({ content }) =>
    agreementId === undefined ? content.kind === 'check' : content.id === agreementId,
  );
  if (agreement === undefined) throw new Error(`${id} has no agreement`);
  return { id, kind, keyring, directory, agreement };
}

/** A parcel as the courier would make it, but for the forgery. */
export async function forge<Body>(
  self: Self,
  message: Message<Body>,
  letter: Omit<Letter<Body>, 'from'>,
  { from = self.id, by = self.keyring.signing, sealedFor, on, deliveredTo = letter.to }: Forgery = {},
): Promise<{ readonly subject: string; readonly sealed: Buffer }> {
  const receiver = self.directory.parties.get(deliveredTo);
  const key = self.directory.sealingKey(sealedFor ?? deliveredTo, Date.now());
  if (receiver === undefined || key === undefined) throw new Error(`${deliveredTo} is not in the directory`);
  const subject = subjectOf(message, receiver);
  const { text, attached } = await signLetter(message, { ...letter, from }, by);
  const jwe = Buffer.from(seal(text, key, { to: deliveredTo, on: on ?? subject }));
  const sealed = attached === undefined ? jwe : Buffer.concat([jwe, Buffer.from('\n'), attached]);
  return { subject, sealed };
}
