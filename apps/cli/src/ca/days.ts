// For how long a certificate is to be good.
import { No } from '../telling/no.js';

/** 1 to 36,500. */
export function daysFrom(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 36_500) throw new No('usage', '--days is a whole number from 1');
  return days;
}
