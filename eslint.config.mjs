// What `npm run lint` enforces. Who may import what comes from boundaries.mjs; the rest is the texture of the code: short
// files, no circles, no swallowed errors, Nest's decorators only where messages and requests come in.
import js from '@eslint/js';
import { readCachedProjectGraph } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { allowedImports, libraries, parties, tools } from './boundaries.mjs';

// Without nx's project graph the boundary rule would skip itself and lint would pass: this throws instead.
readCachedProjectGraph();

const tagOf = (library) => `library:${library}`;
const everyLibrary = Object.keys(libraries).map(tagOf);
const depConstraints = [
  constraint('library:test-servers', []),
  constraint('library:test-mesh', [...everyLibrary, 'library:test-mesh', 'library:test-servers']),
  ...Object.values(parties).map(({ app }) => constraint(`app:${app}`, allowedImports(app).map(tagOf))),
  ...Object.entries(libraries).map(([library, uses]) => constraint(tagOf(library), uses.map(tagOf))),
  ...Object.entries(tools).map(([app, uses]) => constraint(`app:${app}`, uses.map(tagOf))),
  // They play every party, and start apps as processes: no app's source is theirs to import.
  ...['app:sandbox', 'app:tests', 'app:bench'].map((tag) => constraint(tag, everyLibrary)),
];

function constraint(sourceTag, onlyDependOnLibsWithTags) {
  return { sourceTag, onlyDependOnLibsWithTags };
}

// The table itself may be read from anywhere. Specs may start the real servers that tests/servers/ knows, play the parties
// of tests/mesh/, and compile what they run as the build does.
const forAll = [String.raw`/boundaries\.mjs$`];
const forTests = [...forAll, String.raw`/(servers|mesh)/[a-z-]+\.js$`, String.raw`/scripts/swc-options\.mjs$`];

// Specs of the libraries that tests/mesh/ is made of play parties too: no circle in what ships.
const ignoredCircularDependencies = [['*', 'test-mesh']];

function boundaryRule(allow, banTransitiveDependencies) {
  const options = { allow, depConstraints, banTransitiveDependencies, ignoredCircularDependencies };
  return { '@nx/enforce-module-boundaries': ['error', options] };
}

const nodeGlobals = Object.fromEntries(Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly']));

const browserGlobals = Object.fromEntries(
  [
    'document',
    'window',
    'location',
    'history',
    'addEventListener',
    'fetch',
    'DOMParser',
    'EventSource',
    'HTMLScriptElement',
  ].map((name) => [name, 'readonly']),
);

const importType = {
  selector: 'TSImportType[source.value=/^(@anonymesh|[.])/]',
  message: 'Write an import declaration: the boundary rule does not see an inline import type.',
};
const decorator = {
  selector: 'Decorator',
  message: 'Decorators stand in *.controller.ts and *.module.ts only: these files list every way in.',
};

const byName = { regex: '^@anonymesh/[^/]+/', message: 'A package is imported by its name alone.' };
const signing = {
  name: 'node:crypto',
  importNames: ['sign', 'createSign'],
  message: 'Sign by a SigningKey (docs/decisions/0033): the private half may be elsewhere.',
};

export default defineConfig(
  // AssemblyScript is no TypeScript: its compiler checks it.
  { ignores: ['**/dist/', '**/node_modules/', '**/.nx/', '**/.cache/', '**/coverage/', 'libs/psi/kernel/assembly/'] },
  // No comment in a file switches a rule off.
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mjs'],
    plugins: { '@nx': nx, 'import-x': importX },
    languageOptions: { globals: nodeGlobals },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.mjs'] },
      'import-x/resolver-next': [
        createNodeResolver({
          conditionNames: ['development', 'node', 'import', 'default'],
          extensions: ['.ts', '.js', '.mjs', '.json', '.node'],
          extensionAlias: { '.js': ['.ts', '.js'] },
        }),
      ],
    },
    rules: {
      ...boundaryRule(forAll, true),
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'no-restricted-imports': ['error', { patterns: [byName], paths: [signing] }],
      'max-lines': ['error', 300],
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-restricted-syntax': ['error', importType, decorator],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Ports are asynchronous for those who implement them with a database; others keep the signature.
      '@typescript-eslint/require-await': 'off',
    },
  },
  // What browsers run.
  { files: ['**/browser/*.js'], languageOptions: { globals: browserGlobals } },
  { files: ['**/*.controller.ts', '**/*.module.ts'], rules: { 'no-restricted-syntax': ['error', importType] } },
  {
    files: ['**/*.spec.ts', '**/fixtures/**', 'tests/**'],
    rules: {
      ...boundaryRule(forTests, false),
      // A test looks at JSON as it comes; what it expects of it is the check.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['libs/protocol/core/src/envelope/signing-key.ts', '**/*.spec.ts', '**/fixtures/**', 'tests/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [byName] }] },
  },
  { files: ['bench/**'], rules: boundaryRule(forTests, true) },
  { files: ['apps/sandbox/**', 'scripts/**', 'bench/**', 'tests/servers/**'], rules: { 'no-console': 'off' } },
  prettier,
);
