// The authority itself: made once, and followed by the next before it runs out.
import { X509Certificate } from 'node:crypto';
import { domainsOf, namesFrom, newAuthority } from '@anonymesh/certificates';
import { named } from '../telling/no.js';
import { keepAuthority, readAuthority, replaceAuthority } from './authority-folder.js';
import { daysFrom } from './days.js';

export async function makeAuthority(
  folder: string,
  { name, days, domain = [] }: { readonly name: string; readonly days: string; readonly domain?: readonly string[] },
): Promise<{ accepted: string; key: string }> {
  const domains = named(() => namesFrom(domain).dns);
  return keepAuthority(folder, await newAuthority({ name, days: daysFrom(days), domains }));
}

/** The next one has the same name, and is bound to the same domains. */
export async function renewAuthority(folder: string, days = '3650'): Promise<{ accepted: string; count: number }> {
  const { certificate } = readAuthority(folder);
  const name = named(() => new X509Certificate(certificate)).subject.replace(/^CN=/, '');
  const next = await newAuthority({ name, days: daysFrom(days), domains: domainsOf(certificate) });
  return replaceAuthority(folder, next);
}
