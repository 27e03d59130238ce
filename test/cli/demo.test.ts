/** What `npm start` promises: Iris with a certified relaxation gap of at most 1e-3 and a test accuracy of at least 0.93. */
import { expect, test } from 'vitest';
import { runCli } from './spawn.js';

/** About 25 s of work when the machine is free; the machine that runs all tests at once is not. */
const TIMEOUT_MS = 180_000;

test(
  'demo trains on Iris as promised',
  async () => {
    const { exitCode, stdout, stderr } = await runCli('demo', '--json');
    expect(exitCode, stderr).toBe(0);
    const report = JSON.parse(stdout) as {
      status: string;
      loss: number;
      lowerBound: number;
      relaxation: { gap: number };
      test: { accuracy: number };
    };
    expect(report.status).toBe('solved');
    expect(report.relaxation.gap).toBeLessThanOrEqual(1e-3);
    expect(report.test.accuracy).toBeGreaterThanOrEqual(0.93);
    expect(report.lowerBound).toBeLessThanOrEqual(report.loss);
  },
  TIMEOUT_MS,
);
