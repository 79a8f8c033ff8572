// Bundles the programs of all apps, which are compiled: the last step of a build.
import { fileURLToPath } from 'node:url';
import { bundlePrograms } from './bundle-programs.mjs';

await bundlePrograms(fileURLToPath(new URL('..', import.meta.url)));
