import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Unit tests run in Node; a test of a component asks for jsdom with `// @vitest-environment jsdom` on its first line. */
export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') } },
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    environment: 'node',
    include: ['tests/**/*.test.{ts,tsx}'],
    exclude: ['tests/browser/**', 'node_modules/**'],
    passWithNoTests: false,
    // Compiles the packed kernels, which no test may find missing or out of date.
    globalSetup: ['tests/global-setup.ts'],
    // What appears on its own is awaited for as long as a machine may stand still: tests/patience.ts.
    setupFiles: ['tests/patience.ts'],
    testTimeout: 60_000,
    // A hook that launches a browser may have to install it first.
    hookTimeout: 300_000,
    // Two cores: more workers than that only make each other wait.
    maxWorkers: 2,
  },
});
