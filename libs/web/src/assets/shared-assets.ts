// The assets of every surface: GOV.UK Frontend's styles and behaviour with a typeface of our own in place of the one that
// is reserved for government's domains, and our header on top.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AssetSource } from './assets.js';

const require = createRequire(import.meta.url);
const here = fileURLToPath(new URL('.', import.meta.url));

/** The folder of GOV.UK Frontend's macros, styles and scripts. */
export const govuk = join(dirname(require.resolve('govuk-frontend/package.json')), 'dist', 'govuk');
const fonts = join(dirname(require.resolve('@fontsource/atkinson-hyperlegible/package.json')), 'files');

const weights = [400, 700] as const;
/** The ranges that the font's makers give for each of its files. */
const alphabets = {
  latin:
    'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
  'latin-ext':
    'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF',
};
const faces = weights.flatMap((weight) =>
  Object.entries(alphabets).map(([alphabet, range]) => ({
    weight,
    range,
    file: `atkinson-hyperlegible-${alphabet}-${weight}-normal.woff2`,
  })),
);
const family = '"Atkinson Hyperlegible",system-ui,arial,sans-serif';

export const sharedAssets: readonly AssetSource[] = [
  ...faces.map(({ file }) => ({ file: join(fonts, file) })),
  { file: join(govuk, 'govuk-frontend.min.css'), edit: (css, addressOf) => ownFaces(addressOf) + withoutReserved(css) },
  { file: join(here, 'browser', 'anonymesh.css') },
  { file: join(here, 'browser', 'mark.svg') },
  { file: join(govuk, 'govuk-frontend.min.js'), edit: (script) => script.replace(/\/\/# sourceMappingURL=.*$/, '') },
  {
    file: join(here, 'browser', 'page.js'),
    edit: (script, addressOf) => script.replace('govuk-frontend', addressOf('govuk-frontend.min.js')),
  },
];

function ownFaces(addressOf: (name: string) => string): string {
  return faces
    .map(
      ({ file, weight, range }) =>
        `@font-face{font-family:"Atkinson Hyperlegible";font-weight:${weight};font-display:swap;src:url(${addressOf(file)}) format("woff2");unicode-range:${range}}`,
    )
    .join('');
}

/** Neither the reserved typeface nor the royal crest. */
function withoutReserved(css: string): string {
  return css
    .replaceAll(/\/\*![^*]*?customised for exclusive use[^*]*?\*\/|@font-face\{[^}]*\}/g, '')
    .replaceAll('GDS Transport,arial,sans-serif', family)
    .replaceAll('GDS Transport', 'Atkinson Hyperlegible')
    .replaceAll('url(/assets/images/govuk-crest.svg)', 'none')
    .replace(/\/\*# sourceMappingURL=.*?\*\//, '');
}
