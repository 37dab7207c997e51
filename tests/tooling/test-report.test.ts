import { describe, expect, it } from 'vitest';
import { add, summary, tallyOfCheck, tallyOfPlaywright, tallyOfVitest } from '@/scripts/test-report';

describe('the summary of npm test', () => {
  it('adds what the runners report', () => {
    const unit = tallyOfVitest({ numPassedTests: 12, numFailedTests: 0, testResults: [] }, 0);
    const browser = tallyOfPlaywright({ stats: { expected: 5, unexpected: 0, flaky: 0, skipped: 2 }, errors: [] }, 0);
    expect(summary([unit, browser, tallyOfCheck(0)].reduce(add))).toBe('18 passed, 0 failed');
  });

  it('counts failed tests, flaky tests and errors outside of tests', () => {
    expect(tallyOfVitest({ numPassedTests: 3, numFailedTests: 2, testResults: [] }, 1)).toEqual({
      passed: 3,
      failed: 2,
    });
    expect(tallyOfPlaywright({ stats: { expected: 1, unexpected: 1, flaky: 1 }, errors: [{}] }, 1)).toEqual({
      passed: 1,
      failed: 3,
    });
    expect(tallyOfCheck(2)).toEqual({ passed: 0, failed: 1 });
  });

  it('counts a test file that broke before its first test', () => {
    const report = { numPassedTests: 3, numFailedTests: 0, testResults: [{ status: 'failed', assertionResults: [] }] };
    expect(tallyOfVitest(report, 1)).toEqual({ passed: 3, failed: 1 });
  });

  it('takes a runner that wrote no report for a failure, whatever its exit code', () => {
    for (const code of [0, 1]) {
      expect(tallyOfVitest(null, code)).toEqual({ passed: 0, failed: 1 });
      expect(tallyOfPlaywright(null, code)).toEqual({ passed: 0, failed: 1 });
    }
  });

  it('takes an empty run, and a failing exit without a failed test, for a failure', () => {
    expect(tallyOfVitest({ numPassedTests: 0, numFailedTests: 0, testResults: [] }, 0).failed).toBe(1);
    expect(tallyOfVitest({ numPassedTests: 7, numFailedTests: 0, testResults: [] }, 1)).toEqual({
      passed: 7,
      failed: 1,
    });
    expect(tallyOfPlaywright({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 4 } }, 0).failed).toBe(1);
  });
});
