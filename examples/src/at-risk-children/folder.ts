// Where the example's documents stand: the draft agreements, the templates and the holders' schemas.

import { fileURLToPath } from 'node:url';

/** The folder with `agreement.yaml`, `at-least-two.yaml` and `templates/`. The same from `src` and from `dist`. */
export const atRiskChildren = fileURLToPath(new URL('../../at-risk-children/', import.meta.url));
