/** What is asked of every typed source beyond the recommended sets. */
export const RULES = {
  'max-lines': ['error', { max: 400 }],
  complexity: ['error', { max: 10, variant: 'modified' }],
  '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
  'max-params': ['error', 5],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: false }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
};
