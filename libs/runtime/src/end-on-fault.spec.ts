import { describe, expect, it } from '@jest/globals';
import { CannotStart, causeOf, orCannotStart } from './end-on-fault.js';

describe('what is said of a fault before the start', () => {
  it('is the message where it was made for the operator', () => {
    const read = () => orCannotStart(() => JSON.parse('{') as object);
    expect(read).toThrow(CannotStart);
    expect(causeOf(new CannotStart('hmrc/keys/signing.pem: not an Ed25519 key'))).toBe(
      'hmrc/keys/signing.pem: not an Ed25519 key',
    );
  });

  it('is name, code and causes where the message may hold what somebody asked about', () => {
    const cause = Object.assign(new Error('where ni_number = QQ123456C'), { code: 'ECONNREFUSED' });
    const said = causeOf(new Error('the store cannot be opened for QQ123456C', { cause }));
    expect(said).toContain('ECONNREFUSED');
    expect(said).not.toContain('QQ123456C');
  });

  it('names the key that led to it, and the fix', () => {
    const led = { key: 'templates', fix: 'correct that file' };
    const read = () => orCannotStart(() => JSON.parse('{') as object, led);
    expect(read).toThrow(/: templates: .+ \(correct that file\)$/);
    expect(() => orCannotStart(read, { key: 'source', fix: 'another' })).toThrow(/: templates: /);
  });

  it('is the result itself where nothing is wrong', () => {
    expect(orCannotStart(() => 7)).toBe(7);
  });
});
