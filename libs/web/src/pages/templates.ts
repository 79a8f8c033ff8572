// Renders templates. Everything that is put into one is escaped; only files of ours are templates, never a text that
// somebody wrote.
import { fileURLToPath } from 'node:url';
import nunjucks from 'nunjucks';
import type { Assets } from '../assets/assets.js';
import { govuk } from '../assets/shared-assets.js';
import { fieldWords } from './field-words.js';

export type Render = (template: string, data: Readonly<Record<string, unknown>>) => string;

/** `folder`: of the app's own templates, which are named by their path in it. */
export function openTemplates(folder: string, assets: Assets): Render {
  const ours = fileURLToPath(new URL('../views', import.meta.url));
  const loader = new nunjucks.FileSystemLoader([ours, folder, govuk]);
  const environment = new nunjucks.Environment(loader, { autoescape: true, trimBlocks: true, lstripBlocks: true });
  environment.addGlobal('asset', (name: string) => assets.addressOf(name));
  for (const [name, filter] of Object.entries(filters)) environment.addFilter(name, filter);
  return (template, data) => environment.render(template, { ...data });
}

const day = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'Europe/London' } as const;
const dayFormat = new Intl.DateTimeFormat('en-GB', day);
const timeFormat = new Intl.DateTimeFormat('en-GB', { ...day, hour: '2-digit', minute: '2-digit' });
const numberFormat = new Intl.NumberFormat('en-GB');

/** Times are milliseconds since 1970, dates or ISO 8601. */
const filters: Readonly<Record<string, (value: never) => string>> = {
  day: (time: number | string | Date) => dayFormat.format(new Date(time)),
  dayAndTime: (time: number | string | Date) => timeFormat.format(new Date(time)),
  iso: (time: number | string | Date) => new Date(time).toISOString(),
  grouped: (number: number) => numberFormat.format(number),
  fieldWords,
};
