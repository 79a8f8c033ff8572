// The check of all certificates that a node uses, and of those that servers show it, and how many days they last, for the
// operator's monitoring: by what they are for, not whose they are.
import type { Reading } from '../metrics.js';
import { amiss, well, type Check, type Found } from '../wellness/check.js';
import { daysLeft, daysUntil, judgeCertificate, judgeServer, type Certified } from './judge-certificate.js';
import { watchServer, type Server, type Shown } from './server-certificate.js';

export interface Secured {
  readonly party: string;
  readonly certified: readonly Certified[];
  /** Machines to which this node talks without TLS. */
  readonly plainly: readonly string[];
  /** To which it talks with TLS, where it is known how to see what they show. */
  readonly servers?: readonly Server[];
}

interface Watched extends Omit<Secured, 'servers'> {
  readonly servers: readonly { readonly role: Server['role']; readonly shown: Shown }[];
}

export function certificatesCheck({ servers = [], ...own }: Secured): Check {
  const watched = { ...own, servers: servers.map((server) => ({ role: server.role, shown: watchServer(server) })) };
  const roles = [...new Set([...own.certified.map(({ role }) => role), ...servers.map(({ role }) => serving(role))])];
  return {
    name: 'certificates',
    look: () => judgeAll(watched),
    lost: amiss(
      'certificate-unreadable',
      'The certificates cannot be looked at.',
      'Look at the paths in the config file.',
    ),
    measure: (metrics) => {
      if (roles.length === 0) return;
      metrics.gauge({
        name: 'anonymesh_certificate_days_left',
        help: 'Days until a certificate runs out that this node uses or is shown, or the last authority that it accepts',
        labels: { role: roles },
        read: () => countDays(watched),
      });
    },
  };
}

/** The role of what the other side shows. */
const serving = (role: Server['role']) => `${role}-server` as const;

async function countDays({ certified, servers }: Watched): Promise<Reading[]> {
  const own = certified.map((each) => ({ labels: { role: each.role }, value: Math.floor(daysLeft(each) ?? 0) }));
  const soonest = new Map<Server['role'], number>(); // a cluster's servers have a certificate each
  for (const { role, end } of await shownBy(servers))
    soonest.set(role, Math.min(soonest.get(role) ?? Infinity, Math.floor(daysUntil(end))));
  return [...own, ...[...soonest].map(([role, value]) => ({ labels: { role: serving(role) }, value }))];
}

async function shownBy(servers: Watched['servers']) {
  const shown = await Promise.all(servers.map(async (each) => ({ role: each.role, end: await each.shown() })));
  return shown.flatMap(({ role, end }) => (end === undefined ? [] : [{ role, end }]));
}

async function judgeAll({ party, certified, plainly, servers }: Watched): Promise<Found> {
  const theirs = await shownBy(servers);
  const found = [
    ...certified.map((each) => judgeCertificate(each, party)),
    ...theirs.map(({ role, end }) => judgeServer(role, end)),
  ].filter((each) => each !== undefined);
  const worst = found.find(({ state }) => state === 'failing') ?? found[0];
  if (worst !== undefined) return worst;
  const remote = plainly.filter((host) => !isThisMachine(host));
  if (remote.length > 0) {
    const reason = `This node talks to ${[...new Set(remote)].join(', ')} without TLS.`;
    return amiss('connection-without-tls', reason, 'Give the files of its TLS in the config file.', 'attention');
  }
  if (certified.length === 0) return well('This node uses no certificate, and talks to its own machine alone.');
  const left = [...certified.map((each) => daysLeft(each) ?? Infinity), ...theirs.map(({ end }) => daysUntil(end))];
  return well(`The certificates are as they must be, for ${Math.floor(Math.min(...left))} days more.`);
}

export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host) || host === '';
}
