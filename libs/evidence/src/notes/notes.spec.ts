import { describe, expect, it } from '@jest/globals';
import { publicKeyFrom, signingKeyHere } from '@anonymesh/protocol';
import fc from 'fast-check';
import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { emptyRoot, leafHash } from '../merkle/hashes.js';
import { isByItsLog, originOf, readCheckpoint, signCheckpoint } from './checkpoint.js';
import { cosign, cosignedAt } from './cosignature.js';
import { isSignedBy, keyIdOf, readNote, signatureType, signText, verifierKey, writeNote } from './note.js';

const newKey = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { publicKey, privateKey, signing: signingKeyHere(privateKey) };
};
const [log, witness, stranger] = [newKey(), newKey(), newKey()];
const origin = originOf('hmrc', 'A'.repeat(43));
const checkpoint = { origin, size: 20_852_163, root: leafHash('an entry') };

const signed = await signCheckpoint(checkpoint, log.signing);

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('there is none');
  return value;
}

describe('a signed note', () => {
  // The example in the documentation of golang.org/x/mod/sumdb/note, the specification's first implementation.
  const neumann = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const published =
    'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n\n" +
    '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
  const key = publicKeyFrom('Ed25519', Buffer.from(neumann.split('+').slice(2).join('+'), 'base64').subarray(1));

  it('that another implementation signed is verified, and its key has the same id', () => {
    const named = { name: 'PeterNeumann', key };
    expect(isSignedBy(required(readNote(published)), named)).toBe(true);
    expect(keyIdOf(named).toString('hex')).toBe('c74f20a3');
    expect(verifierKey(named)).toBe(neumann);
    expect(writeNote(required(readNote(published)))).toBe(published);
  });

  it('is not signed under another name, by another key, or over another text', () => {
    const note = required(readNote(published));
    expect(isSignedBy(note, { name: 'Peter', key })).toBe(false);
    expect(isSignedBy(note, { name: 'PeterNeumann', key: stranger.publicKey })).toBe(false);
    expect(isSignedBy({ ...note, text: note.text.replace('problem', 'question') }, { name: 'PeterNeumann', key })).toBe(
      false,
    );
  });

  it('with a good and a bad signature of one key is not signed by it', () => {
    const note = required(readNote(published));
    const [good] = note.signatures;
    const bad = { ...required(good), signature: Buffer.alloc(64, 1) };
    expect(isSignedBy({ ...note, signatures: [required(good), bad] }, { name: 'PeterNeumann', key })).toBe(false);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['no signature', 'text\n\n'],
    ['no empty line', 'text\n\u2014 name AAAAAAAA\n'],
    ['no last newline', 'text\n\n\u2014 name AAAAAAAA'],
    ['another dash', 'text\n\n- name AAAAAAAA\n'],
    ['a space in the name', 'text\n\n\u2014 a name AAAAAAAA\n'],
    ['a space of another script in the name', 'text\n\n\u2014 a\u2003name AAAAAAAA\n'],
    ['a plus in the name', 'text\n\n\u2014 a+name AAAAAAAA\n'],
    ['a key id alone', 'text\n\n\u2014 name AAAAAA==\n'],
    ['base64 in another spelling', 'text\n\n\u2014 name AAAAAAB=\n'],
    ['a carriage return', 'text\r\n\n\u2014 name AAAAAAAA\n'],
    ['half a character', 'te\ud800xt\n\n\u2014 name AAAAAAAA\n'],
    ['something after the signatures', 'text\n\n\u2014 name AAAAAAAA\nmore\n'],
    ['more signatures than anybody needs', `text\n\n${'\u2014 name AAAAAAAA\n'.repeat(257)}`],
    ['more text than anybody needs', `${'x'.repeat(65_536)}\n\n\u2014 name AAAAAAAA\n`],
  ])('is none with %s', (_what, text) => {
    expect(readNote(text)).toBe(undefined);
  });

  it('may have empty lines in its text', () => {
    expect(readNote('one\n\ntwo\n\n\u2014 name AAAAAAAA\n')?.text).toBe('one\n\ntwo\n');
  });

  it('is not written without text, signatures, or a name', async () => {
    const signature = await signText('text\n', { name: 'a', key: log.signing });
    expect(() => writeNote({ text: 'text', signatures: [signature] })).toThrow(TypeError);
    expect(() => writeNote({ text: 'te\u0000xt\n', signatures: [signature] })).toThrow(TypeError);
    expect(() => writeNote({ text: 'text\n', signatures: [] })).toThrow(TypeError);
    expect(() => writeNote({ text: 'text\n', signatures: [{ ...signature, name: 'a b' }] })).toThrow(TypeError);
  });
});

describe('a checkpoint', () => {
  const note = signed;

  it('says name, size and root in three lines, and is signed under its own name', () => {
    const read = required(readCheckpoint(note));
    expect(read).toMatchObject(checkpoint);
    expect(read.note.text.split('\n')).toEqual([origin, '20852163', checkpoint.root.toString('base64'), '']);
    expect(isByItsLog(read, [stranger.publicKey, log.publicKey])).toBe(true);
    expect(isByItsLog(read, [stranger.publicKey])).toBe(false);
    expect(isByItsLog(read, [])).toBe(false);
  });

  it('of an empty log has size 0', async () => {
    expect(readCheckpoint(await signCheckpoint({ origin, size: 0, root: emptyRoot }, log.signing))?.size).toBe(0);
  });

  it('is read from the example of the specification, with a signature beside the log\u2019s', () => {
    const example =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
      '\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n' +
      '\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n';
    expect(readCheckpoint(example)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(writeNote(required(readCheckpoint(example)).note)).toBe(example);
  });

  const [, size = '', root = ''] = note.split('\n');
  it.each<[string, string]>([
    ['no name', note.replace(origin, '')],
    ['a size with a zero before it', note.replace(size, `0${size}`)],
    ['a negative size', note.replace(size, '-1')],
    ['a size with a sign', note.replace(size, `+${size}`)],
    ['a size in another notation', note.replace(size, '1e3')],
    ['a size that no number holds', note.replace(size, '9007199254740993')],
    ['a shorter root', note.replace(root, Buffer.alloc(31).toString('base64'))],
    ['a root in another alphabet', note.replace(root, checkpoint.root.toString('base64url'))],
    ['a line that nobody can check', note.replace(`${root}\n`, `${root}\nby the way\n`)],
    ['a line missing', note.replace(`${size}\n`, '')],
  ])('is none with %s', (_what, text) => {
    expect(text).not.toBe(note);
    expect(readCheckpoint(text)).toBe(undefined);
  });

  it('is not its log\u2019s with any character of it changed', () => {
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.integer({ min: 33, max: 126 }), (place, code) => {
        const changed = note.slice(0, place) + String.fromCharCode(code) + note.slice(place + 1);
        const read = readCheckpoint(changed);
        expect(read !== undefined && isByItsLog(read, [log.publicKey])).toBe(changed === note);
      }),
      { numRuns: 500 },
    );
  });

  it('is not signed for a log whose name would break its lines', async () => {
    await expect(signCheckpoint({ ...checkpoint, origin: 'a\nb' }, log.signing)).rejects.toThrow(TypeError);
  });
});

const name = originOf('dwp', 'B'.repeat(43));
const { note } = required(readCheckpoint(signed));
const line = await cosign(note, { name, key: witness.signing }, 1_679_315_147);

describe('a cosignature', () => {
  const by = (key: KeyObject) => ({ name, key });
  const cosigned = { ...note, signatures: [...note.signatures, line] };

  it('says when it was made, and is of the bytes that the specification names', () => {
    expect(cosignedAt(cosigned, by(witness.publicKey))).toBe(1_679_315_147);
    const bytes = Buffer.from(`cosignature/v1\ntime 1679315147\n${note.text}`);
    expect(line.signature.subarray(8).equals(sign(null, bytes, witness.privateKey))).toBe(true);
    expect(line.signature.subarray(0, 8).readBigUInt64BE()).toBe(1_679_315_147n);
    expect(line.keyId.equals(keyIdOf(by(witness.publicKey), signatureType.cosignature))).toBe(true);
  });

  it('leaves the log\u2019s own signature as it is, and is read back with it', () => {
    const read = required(readCheckpoint(writeNote(cosigned)));
    expect(isByItsLog(read, [log.publicKey])).toBe(true);
    expect(cosignedAt(read.note, by(witness.publicKey))).toBe(1_679_315_147);
  });

  it('is none by another key, under another name, of another time, of another text, or cut short', () => {
    expect(cosignedAt(cosigned, by(stranger.publicKey))).toBe(undefined);
    expect(cosignedAt(cosigned, { name: origin, key: witness.publicKey })).toBe(undefined);
    expect(cosignedAt({ ...cosigned, text: note.text.replace('20852163', '20852164') }, by(witness.publicKey))).toBe(
      undefined,
    );
    const later = Buffer.from(line.signature);
    later.writeUInt8(1, 7);
    for (const signature of [later, line.signature.subarray(0, 71), line.signature.subarray(8), Buffer.alloc(72)])
      expect(cosignedAt({ ...note, signatures: [{ ...line, signature }] }, by(witness.publicKey))).toBe(undefined);
    expect(cosignedAt(note, by(witness.publicKey))).toBe(undefined);
  });

  it('is not made of a plain signature, nor a plain signature of it', async () => {
    const plain = await signText(note.text, { name, key: witness.signing });
    expect(cosignedAt({ ...note, signatures: [plain] }, by(witness.publicKey))).toBe(undefined);
    expect(isSignedBy(cosigned, by(witness.publicKey))).toBe(false);
    expect(createPublicKey(witness.privateKey).equals(witness.publicKey)).toBe(true);
  });
});
