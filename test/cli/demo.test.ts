/** What `npm start` promises: Iris with a certified relaxation gap of at most 1e-3 and a test accuracy of at least 0.93. */
import { expect, test } from 'vitest';
import { runCli } from './spawn.js';

/** The relaxation takes its share of the time limit; the machine that runs all tests at once is a slow one. */
const TIMEOUT_MS = 60_000;

test(
  'demo trains on Iris as promised',
  async () => {
    const { exitCode, stdout, stderr } = await runCli('demo', '--time-limit', '15', '--json');
    expect(exitCode, stderr).toBe(0);
    const report = JSON.parse(stdout) as {
      status: string;
      loss: number;
      lowerBound: number;
      relaxation: { gap: number };
      test: { accuracy: number };
    };
    expect(report.relaxation.gap).toBeLessThanOrEqual(1e-3);
    expect(report.test.accuracy).toBeGreaterThanOrEqual(0.93);
    expect(report.lowerBound).toBeLessThanOrEqual(report.loss);
  },
  TIMEOUT_MS,
);
