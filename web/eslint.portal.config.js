import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

import { RULES } from './eslint.rules.js';

/**
 * The scripts of the portal's pages: JavaScript as it is served, its types in comments, under the client's rules.
 * Run above this folder (`npm run lint:portal`): eslint looks at nothing beside the folder that it is run in.
 */
export default defineConfig(js.configs.recommended, {
  files: ['src/casier/portal/static/casier/scripts/*.js'],
  extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
  languageOptions: {
    parserOptions: { project: 'web/portal/tsconfig.json', tsconfigRootDir: `${import.meta.dirname}/..` },
  },
  linterOptions: { reportUnusedDisableDirectives: 'error' },
  // What a browser has and what it hasn't, `tsc` knows.
  rules: { ...RULES, 'no-undef': 'off' },
});
