// Where the example's documents stand: the draft agreement, the templates and the holders' schemas.

import { fileURLToPath } from 'node:url';

/** The folder with `agreement.yaml` and `templates/`. The same from `src` and from the compiled `dist`. */
export const rightToRemain = fileURLToPath(new URL('../../right-to-remain/', import.meta.url));
