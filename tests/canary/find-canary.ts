// Looks for a person in bytes, in every form in which a careless program would leave one: as typed or brought to another
// spelling, in hexadecimal, base64 (which reads differently at each of three offsets), UTF-16, or as a plain hash.
import { createHash } from 'node:crypto';

export interface Needle {
  /** What it is, for the report: never printed with the value. */
  readonly form: string;
  readonly bytes: Buffer;
}

/** The forms of all the values. */
export function needlesFor(values: readonly string[]): Needle[] {
  const spellings = [...new Set(values.flatMap(spellingsOf))];
  const needles = spellings.flatMap((spelling) => [
    ...formsOf('text', Buffer.from(spelling)),
    ...formsOf('UTF-16', Buffer.from(spelling, 'utf16le')),
    ...formsOf('UTF-16 BE', Buffer.from(spelling, 'utf16le').swap16()),
    ...['md5', 'sha1', 'sha256', 'sha512'].flatMap((name) =>
      formsOf(name, createHash(name).update(spelling).digest(), 'whole'),
    ),
  ]);
  return [...new Map(needles.map((needle) => [needle.bytes.toString('latin1'), needle])).values()];
}

/** The forms of bytes that are no text. */
export function needlesOfBytes(name: string, bytes: Buffer): Needle[] {
  return formsOf(name, bytes);
}

/** The forms that are there. Goes through the bytes once, however many forms there are; each takes 4 bytes or more. */
export function findIn(haystack: Buffer, needles: readonly Needle[]): string[] {
  // By their ends: many begin alike, with the length of a label, and no two end alike.
  const byEnd = Map.groupBy(needles, ({ bytes }) => bytes.readUInt32LE(bytes.length - 4));
  const pairs = new Uint8Array(65_536);
  for (const end of byEnd.keys()) pairs[end & 0xffff] = 1;
  const found = new Set<string>();
  for (let at = 0; at + 4 <= haystack.length; at++) {
    if (pairs[(haystack[at] ?? 0) | ((haystack[at + 1] ?? 0) << 8)] === 0) continue;
    for (const { form, bytes } of byEnd.get(haystack.readUInt32LE(at)) ?? [])
      if (endsAt(haystack, at + 4, bytes)) found.add(form);
  }
  return [...found];
}

function endsAt(haystack: Buffer, end: number, bytes: Buffer): boolean {
  return end >= bytes.length && haystack.subarray(end - bytes.length, end).equals(bytes);
}

function spellingsOf(value: string): string[] {
  const compact = value.replace(/[\s-]/g, '');
  const pairs = compact.match(/../g)?.join(' ') ?? compact;
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
  const dates = date === null ? [] : [`${date[3]}/${date[2]}/${date[1]}`, `${date[3]}.${date[2]}.${date[1]}`];
  const niNumber = /^([A-Z]{2})(\d\d)(\d\d)(\d\d)([A-Z])$/.exec(compact)?.slice(1);
  const spaced = niNumber === undefined ? [] : [niNumber.join(' '), niNumber.join('-')];
  const all = [value, compact, pairs, ...dates, ...spaced, value.replaceAll(' ', '-'), value.replaceAll(' ', '+')];
  return all.flatMap((spelling) => [spelling, spelling.toLowerCase(), spelling.toUpperCase()]);
}

/** A hash stands by itself; a text can stand anywhere within what was encoded. */
function formsOf(name: string, bytes: Buffer, stands: 'whole' | 'within' = 'within'): Needle[] {
  const offsets = stands === 'whole' ? [0] : [0, 1, 2];
  const base64 = offsets.map((offset) => base64Within(bytes, offset));
  return [
    { form: name, bytes },
    { form: `${name} in hex`, bytes: Buffer.from(bytes.toString('hex')) },
    { form: `${name} in hex`, bytes: Buffer.from(bytes.toString('hex').toUpperCase()) },
    ...base64.map((text) => ({ form: `${name} in base64`, bytes: Buffer.from(text) })),
    ...base64.map((text) => ({
      form: `${name} in base64`,
      bytes: Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_')),
    })),
  ];
}

/** The symbols that follow from these bytes alone, whatever stands before (so many bytes, mod 3) and after them. */
function base64Within(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
