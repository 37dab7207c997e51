/**
 * What the test runners say about themselves, as counts. Their JSON reports are read, never their printed output, and a
 * runner that fails without naming a failed test, or that ran none, counts as one failure.
 */

export type Tally = { readonly passed: number; readonly failed: number };

export const add = (a: Tally, b: Tally): Tally => ({ passed: a.passed + b.passed, failed: a.failed + b.failed });

/** A check without tests of its own (lint, types, build): its exit code decides. */
export const tallyOfCheck = (exitCode: number): Tally =>
  exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

function numberAt(report: unknown, key: string): number {
  const value = typeof report === 'object' && report !== null ? (report as Record<string, unknown>)[key] : undefined;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0;
}

function listAt(report: unknown, key: string): readonly unknown[] {
  const value = typeof report === 'object' && report !== null ? (report as Record<string, unknown>)[key] : undefined;
  return Array.isArray(value) ? value : [];
}

/** Makes a runner's own counts agree with its exit code: neither silence nor an empty run passes. */
function settle({ passed, failed }: Tally, exitCode: number): Tally {
  const unexplained = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: unexplained ? 1 : failed };
}

/** Vitest's JSON report (null when it wrote none). A file that failed before its first test has no test to count, so it counts itself. */
export function tallyOfVitest(report: unknown, exitCode: number): Tally {
  const brokenFiles = listAt(report, 'testResults').filter(
    (file) => (file as { status?: unknown }).status === 'failed' && listAt(file, 'assertionResults').length === 0,
  ).length;
  const tally = {
    passed: numberAt(report, 'numPassedTests'),
    failed: numberAt(report, 'numFailedTests') + brokenFiles,
  };
  return settle(tally, exitCode);
}

/** Playwright's JSON report (null when it wrote none). A flaky test failed once, so it is a failure; so is an error outside of any test. */
export function tallyOfPlaywright(report: unknown, exitCode: number): Tally {
  const stats = typeof report === 'object' && report !== null ? (report as Record<string, unknown>).stats : undefined;
  const tally = {
    passed: numberAt(stats, 'expected'),
    failed: numberAt(stats, 'unexpected') + numberAt(stats, 'flaky') + listAt(report, 'errors').length,
  };
  return settle(tally, exitCode);
}

export const summary = ({ passed, failed }: Tally): string => `${passed} passed, ${failed} failed`;
