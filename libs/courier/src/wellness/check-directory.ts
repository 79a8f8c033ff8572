// Whether the directory is fresh, and has this party with the keys that it signs with now, for long enough; whether they
// sign; and whether what others seal with its published keys can be opened here.
import { randomUUID, verify } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { SigningKey } from '@anonymesh/protocol';
import { amiss, type Check, type Found, well } from '@anonymesh/runtime';
import { inUse, isRevoked, openTrust, type Directory, type Keyring, type TrustConfig } from '@anonymesh/trust';

const day = 86_400_000;
/** Days before its end at which a key should be looked at. */
const soon = 14;

export interface Known {
  readonly id: string;
  /** The key id of the signing key in use; undefined where there is none that anybody would believe. */
  readonly kid: string | undefined;
  /** As this process has read it. */
  readonly directory: Directory;
}

/** The key that signs now. */
function signingIn(keyring: Keyring): SigningKey | undefined {
  try {
    return keyring.signing;
  } catch {
    return undefined; // its keys are revoked, and others are not here
  }
}

export function directoryCheck(
  { id, keyring, directory }: Pick<Known, 'id' | 'directory'> & { readonly keyring: Keyring },
  files: TrustConfig,
): Check {
  const look = async () => {
    const signing = signingIn(keyring);
    const onDisk = openTrust(files).directory;
    const found = checkDirectory({ id, kid: signing?.kid, directory }, onDisk, Date.now());
    if (found.state === 'failing' || signing === undefined) return found;
    return checkOpening({ id, keyring }, onDisk, Date.now()) ?? (await checkSigning(signing)) ?? found;
  };
  const lost = amiss(
    'directory-unreadable',
    'The files of directory and agreements cannot be read, or are not what was signed.',
    `Put back what the mesh’s operator signed: ${files.directory} and ${files.agreements}.`,
  );
  return { name: 'directory', look, lost };
}

/** What is amiss where the keys that others seal and mask with now are not here. */
export function checkOpening(
  { id, keyring }: { readonly id: string; readonly keyring: Pick<Keyring, 'sealing' | 'mask'> },
  { parties }: Directory,
  now: number,
): Found | undefined {
  const missing = (['sealing', 'mask'] as const).filter((kind) => {
    const published = inUse(parties.get(id)?.[kind] ?? [], now);
    return published !== undefined && keyring[kind](published.kid) === undefined;
  });
  if (missing.length === 0) return undefined;
  return amiss(
    'key-not-here',
    `The directory has a key of this party that is not here (${missing.join(' and ')}): what others send cannot be read.`,
    'Put its file back, as keys in the config file names it, or publish the keys that are here: mesh keys rotate.',
  );
}

/** Milliseconds: less than a check is given. */
const patience = 2000;

/** What is amiss where it cannot sign, or not in time; it is asked for a signature of bytes that are nothing else. */
export async function checkSigning(signing: SigningKey): Promise<Found | undefined> {
  const bytes = Buffer.from(`anonymesh/can-sign/v1\n${randomUUID()}`);
  const signed = signing.sign(bytes).then(
    (signature) => verify(null, bytes, signing.publicKey, signature),
    () => false,
  );
  if (await Promise.race([signed, wait(patience, false, { ref: false })])) return undefined;
  const reason = 'The key that this node signs with cannot sign: nothing leaves it.';
  return amiss('key-cannot-sign', reason, 'See that what keeps the key is there, and lets this node use it.');
}

/** `onDisk`: as it would be read now. */
export function checkDirectory({ id, kid, directory }: Known, onDisk: Directory, now: number): Found {
  const entry = onDisk.parties.get(id);
  if (entry === undefined) {
    return amiss('directory-without-us', `The directory has no ${id}.`, 'Ask the mesh’s operator to admit this party.');
  }
  const key = entry.signing.find((each) => each.kid === kid);
  if (kid === undefined || (key !== undefined && isRevoked(key, now))) {
    const reason = 'The key that this node signs with is revoked: nothing leaves it.';
    return amiss('key-revoked', reason, 'Make new keys and have them admitted: mesh keys rotate.');
  }
  if (key === undefined || key.from > now || key.until <= now) {
    const reason = 'The directory does not have the key that this node signs with, or not for today.';
    return amiss(
      'key-not-in-force',
      reason,
      'Publish the key: mesh keys rotate, or for a first entry mesh directory sign, and send it to the operator.',
    );
  }
  if (onDisk.serial < directory.serial) {
    const reason = `The directory file is older (number ${onDisk.serial}) than the one in use (${directory.serial}).`;
    return amiss(
      'directory-older',
      reason,
      'Put the newest directory there: the node goes on with the one that it knows.',
    );
  }
  if (onDisk.serial > directory.serial) {
    const reason = `The directory file is newer (number ${onDisk.serial}) than the one in use (${directory.serial}).`;
    return amiss('directory-newer', reason, 'Look for directory.not-taken in its log, or start it again.', 'attention');
  }
  const days = Math.floor((key.until - now) / day);
  if (days <= soon) {
    const reason = `The key that this node signs with ends in ${days} days.`;
    return amiss('key-ends-soon', reason, 'Make new keys before then: mesh keys rotate.', 'attention');
  }
  return well(`The directory is number ${onDisk.serial}, and this party’s key is in it for ${days} days.`);
}
