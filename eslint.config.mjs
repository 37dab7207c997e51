import next from 'eslint-config-next/core-web-vitals';
import typescript from 'eslint-config-next/typescript';
import { arrowsRule } from './scripts/lint/arrows-rule.js';

const config = [
  {
    ignores: [
      '.next/**',
      'out/**',
      'coverage/**',
      'test-results/**',
      '.work/**',
      'public/**',
      'next-env.d.ts',
      'lib/kernels/assembly/**',
    ],
  },
  ...next,
  ...typescript,
  {
    plugins: { lens: { rules: { arrows: arrowsRule } } },
    rules: {
      'lens/arrows': 'error',
      eqeqeq: ['error', 'always'],
      'no-console': ['error', { allow: ['warn', 'error'] }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['scripts/**', 'tests/**'], rules: { 'no-console': 'off' } },
];

export default config;
