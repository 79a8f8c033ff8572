// The files that pages refer to: styles, scripts, typefaces. Each has the hash of its content in its name, so that a
// browser keeps it for a year and never has an old one; what is text is sent compressed.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  /** For a browser that says `accept-encoding`; undefined where it is better as it is. */
  encoded(
    accepted: string | undefined,
  ): Promise<{ readonly encoding: 'br' | 'gzip'; readonly body: Buffer } | undefined>;
}

/** `edit` may replace text, such as the names of other assets. */
export interface AssetSource {
  readonly file: string;
  readonly edit?: (text: string, addressOf: (name: string) => string) => string;
}

export interface Assets {
  /** Of the asset with this file name, such as `/assets/page-3f2a….js`; throws if there is none. */
  addressOf(name: string): string;
  find(hashedName: string): Asset | undefined;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** In this order: a file can refer to those before it. */
export function openAssets(sources: readonly AssetSource[]): Assets {
  const names = new Map<string, string>();
  const assets = new Map<string, Asset>();
  const addressOf = (name: string) => {
    const hashed = names.get(name);
    if (hashed === undefined) throw new TypeError(`no asset ${name}`);
    return `/assets/${hashed}`;
  };
  for (const { file, edit } of sources) {
    const read = readFileSync(file);
    const body = edit === undefined ? read : Buffer.from(edit(read.toString('utf8'), addressOf));
    const extension = extname(file);
    const type = types[extension];
    if (type === undefined) throw new TypeError(`no media type for ${extension}`);
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 16);
    const hashed = `${basename(file, extension)}-${hash}${extension}`;
    if (names.has(basename(file))) throw new TypeError(`two assets are called ${basename(file)}`);
    names.set(basename(file), hashed);
    assets.set(hashed, assetOf(type, body, extension !== '.woff2'));
  }
  return { addressOf, find: (hashed) => assets.get(hashed) };
}

const compressors = {
  br: (body: Buffer) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (body: Buffer) => promisify(gzip)(body, { level: 9 }),
};

function assetOf(type: string, body: Buffer, isText: boolean): Asset {
  const made = new Map<string, Promise<Buffer>>();
  return {
    type,
    body,
    encoded: async (accepted) => {
      const encoding = isText ? (['br', 'gzip'] as const).find((each) => takes(accepted, each)) : undefined;
      if (encoding === undefined) return undefined;
      const compressing = made.get(encoding) ?? compressors[encoding](body);
      made.set(encoding, compressing);
      return { encoding, body: await compressing };
    },
  };
}

function takes(accepted = '', encoding: string): boolean {
  const offers = accepted.split(',').map((each) => each.trim().toLowerCase());
  return offers.some((each) => each === encoding || (each.startsWith(`${encoding};`) && !/q=0(?:\.0*)?$/.test(each)));
}
