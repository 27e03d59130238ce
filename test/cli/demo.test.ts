/** What `npm start` promises: Iris with a certified relaxation gap of at most 1e-3 and a test accuracy of at least 0.93. */
import { expect, test } from 'vitest';
import { runCli } from './spawn.js';

test('demo trains on Iris as promised', async () => {
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
});
