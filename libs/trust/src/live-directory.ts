// A directory that can be replaced while everybody holds it: agreements, keyrings and letters are judged by the newest.
import type { Directory } from './directory.js';

export function changeable(first: Directory): {
  readonly directory: Directory;
  readonly goBy: (directory: Directory) => void;
} {
  let now = first;
  const directory: Directory = {
    get serial() {
      return now.serial;
    },
    get parties() {
      return now.parties;
    },
    signer: (kid, at) => now.signer(kid, at),
    pastSigner: (kid) => now.pastSigner(kid),
    signersOf: (id) => now.signersOf(id),
    revokedAt: (kid) => now.revokedAt(kid),
    sealingKey: (id, at) => now.sealingKey(id, at),
    maskKey: (id, at) => now.maskKey(id, at),
  };
  return { directory, goBy: (next) => void (now = next) };
}
