import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import importSort from 'eslint-plugin-simple-import-sort';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores([
    'dist/',
    'data/',
    'coverage/',
    '**/*.generated.ts',
    '.config/eslint.config.js',
    'bench/peers/',
  ]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: `${import.meta.dirname}/..` },
    },
    plugins: { 'import-sort': importSort },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // Node's own, then packages, then ours from the top of the tree down.
      'import-sort/imports': ['error', { groups: [['^node:', '^@?\\w', '^\\.\\.', '^\\./']] }],
      'import-sort/exports': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Environment variables are named in src/config/variables.ts only.',
        },
      ],
    },
  },
  { files: ['src/cli/**', 'src/main.ts', 'bench/**'], rules: { 'no-console': 'off' } },
  { files: ['src/main.ts', 'src/cli/**', 'tests/**', 'bench/**'], rules: { 'no-restricted-syntax': 'off' } },
  // Both tools read their configuration from a default export.
  { files: ['codegen.ts', '.config/*.ts'], rules: { 'no-restricted-exports': 'off' } },
  prettier,
);
