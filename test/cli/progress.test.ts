import { expect, test } from 'vitest';
import { formatProgress, ProgressLine } from '../../src/cli/progress.js';

class Recorder {
  text = '';
  constructor(
    readonly isTTY: boolean,
    readonly columns = 80,
  ) {}
  write(text: string): void {
    this.text += text;
  }
}

const record = (elapsedMs: number) => ({
  kind: 'iterate',
  phase: 'relaxation' as const,
  iteration: 3,
  elapsedMs,
  value: 1.6732104,
  lowerBound: 1.66,
  gap: 7.9e-3,
});

test('a record reads as one line, without what is not known yet', () => {
  expect(formatProgress(record(2100))).toBe('relaxation, iteration 3: value 1.67321, bound 1.66000, gap 7.9e-3, 2.1 s');
  expect(formatProgress({ kind: 'network', phase: 'polish', iteration: 0, elapsedMs: 0, loss: 2.5 })).toBe(
    'polish, iteration 0: loss 2.50000, 0.0 s',
  );
});

test('a terminal has one line rewritten, cut to its width, and cleared at the end', () => {
  const stream = new Recorder(true, 30);
  const line = new ProgressLine(stream);
  line.update(record(150));
  line.update(record(160));
  line.update(record(300));
  line.clear();
  line.clear();
  const shown = '\r\x1b[Krelaxation, iteration 3: valu';
  expect(stream.text).toBe(`${shown}${shown}\r\x1b[K`);
});

test('a file gets a plain line now and then', () => {
  const stream = new Recorder(false);
  const line = new ProgressLine(stream);
  for (const elapsedMs of [100, 1900, 2000, 3000, 4100]) line.update(record(elapsedMs));
  line.note('Stopping.');
  line.clear();
  expect(stream.text).toBe(`${formatProgress(record(2000))}\n${formatProgress(record(4100))}\nStopping.\n`);
});
