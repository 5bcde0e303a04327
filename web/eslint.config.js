import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

import { RULES } from './eslint.rules.js';

/** Each layer imports from itself and from those before it, never from those after. */
const LAYERS = ['i18n', 'wire', 'store', 'commands', 'ui', 'render', 'compose', 'features', 'screens'];

/** What a layer may not import; `mock` plays the server and is for tests alone. */
function layerRule(layer, position) {
  const above = [...LAYERS.slice(position + 1), 'mock'];
  return {
    files: [`src/${layer}/**/*.{ts,tsx}`],
    ignores: ['**/*.test.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: above.map((name) => `**/${name}/**`), message: `${layer} stands below this layer.` }] },
      ],
    },
  };
}

/** The service worker draws nothing and outlives every page: what it shares with them is below the screens. */
const workerAlone = {
  files: ['src/worker/**/*.ts'],
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [{ group: ['react', 'react-dom', '**/mock/**', ...LAYERS.slice(3).map((name) => `**/${name}/**`)], message: 'Not in the service worker.' }] },
    ],
  },
};

/** React belongs to what is drawn; the layers below work without a page. */
const withoutReact = {
  files: ['src/wire/**/*.ts', 'src/mock/**/*.ts'],
  rules: { 'no-restricted-syntax': ['error', { selector: "ImportDeclaration[source.value=/^react/]", message: 'No React here.' }] },
};

export default defineConfig(
  { ignores: ['dist', 'node_modules'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: RULES,
  },
  { files: ['src/**/*.tsx'], extends: [reactHooks.configs.flat['recommended-latest']] },
  { files: ['tools/*.mjs', 'eslint.*.js'], languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } } },
  ...LAYERS.map(layerRule),
  withoutReact,
  workerAlone,
  {
    files: ['**/*.test.{ts,tsx}'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'max-lines': ['error', { max: 400 }] },
  },
);
