// Texts that people read and decide by: nothing in them can steer a terminal, turn a line round or be there unseen, so
// that nobody agrees to what was hidden from them.
import { z } from 'zod';

// Control, format (also those that turn the line round), private and lone surrogate characters, and line separators.
const unseen = String.raw`\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}`;
const oneLine = new RegExp(`^[^${unseen}]*$`, 'u');
const lines = new RegExp(`^(?:\\n|[^${unseen}])*$`, 'u');

/** One line of up to so many characters. */
export const shownName = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => oneLine.test(text), 'must be one line, without control characters or others that nobody sees');

/** Up to so many characters, in lines. */
export const shownProse = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => lines.test(text), 'must be without control characters or others that nobody sees');
