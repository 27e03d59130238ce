/** What a visitor does with the playground, in a real browser. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Network } from '../../src/index.js';
import { assertChromium } from './chromium.js';
import {
  longestTask,
  type Playground,
  screenshot,
  startPlayground,
  textOf,
  trainToEnd,
  waitForComparison,
} from './playground.js';

const CSV = `width,height,depth,kind
1,2,0.5,small
1.2,1.8,0.4,small
0.9,2.2,0.6,small
3,4,1.5,large
3.2,4.1,1.4,large
2.8,3.8,1.7,large
`;

describe('the playground', () => {
  let playground: Playground;
  beforeAll(async () => {
    assertChromium();
    playground = await startPlayground();
  });
  afterAll(() => playground?.close());

  async function onPage(use: (page: Page) => Promise<void>, options = {}): Promise<void> {
    const page = await playground.open(options);
    try {
      await use(page);
      expect(await page.evaluate(() => globalThis.watched.errors)).toEqual([]);
    } finally {
      await page.context().close();
    }
  }

  test('trains on the spiral: certificate in words, pictures, comparison, export', () =>
    onPage(async (page) => {
      await screenshot(page, 'desktop-before');
      await page.click('#train');
      await page.waitForFunction(() => document.getElementById('figure-relaxation')?.textContent?.includes('%'));
      await screenshot(page, 'desktop-during');
      await page.waitForFunction(() => document.getElementById('phase')?.textContent?.startsWith('Done'));
      expect(await textOf(page, '#sentence')).toMatch(
        /^No network of any width can have a training loss below [\d.]+\. This network of \d+ neurons has [\d.]+/,
      );
      await waitForComparison(page);
      await screenshot(page, 'desktop-after');
      const [bound, loss, adam] = await Promise.all(
        ['bound', 'loss', 'adam'].map(async (name) => Number(await textOf(page, `#figure-${name}`))),
      );
      expect(bound).toBeGreaterThan(0);
      expect(bound).toBeLessThanOrEqual(loss);
      expect(bound).toBeLessThanOrEqual(adam);
      expect(await textOf(page, '#note-lambda')).toMatch(/rank \d+/);
      expect(await textOf(page, '#announcer')).toMatch(/^Done\. No network of any width/);

      const [model] = await Promise.all([page.waitForEvent('download'), page.click('#export-model')]);
      const network = Network.fromJSON(JSON.parse(await readFile(await model.path(), 'utf8')));
      expect(String(network.width)).toBe(await textOf(page, '#figure-width'));
      const [report] = await Promise.all([page.waitForEvent('download'), page.click('#export-report')]);
      expect(await readFile(await report.path(), 'utf8')).toContain('No network of any width');
    }));

  test('leaves the main thread free and the layout still while it trains', () =>
    onPage(async (page) => {
      await page.waitForTimeout(500);
      await page.evaluate(() => {
        globalThis.watched.layoutShift = 0;
      });
      const { wallMs, cpuMs } = await longestTask(page, async () => {
        await trainToEnd(page);
        await waitForComparison(page);
      });
      const layoutShift = await page.evaluate(() => globalThis.watched.layoutShift);
      console.log(`longest task ${wallMs} ms (${cpuMs} ms of processor time), layout shift ${layoutShift.toFixed(4)}`);
      expect(cpuMs).toBeLessThan(100);
      // 0.1 is what the web vitals call good.
      expect(layoutShift).toBeLessThan(0.1);
    }));

  test('cancels midway and trains again', () =>
    onPage(async (page) => {
      await page.selectOption('#tolerance', '1e-4');
      await page.click('#train');
      await page.waitForFunction(() => {
        const hasBegun = document.getElementById('phase')?.textContent?.includes('step');
        if (hasBegun) (document.getElementById('cancel') as HTMLButtonElement).click();
        return hasBegun;
      });
      await page.waitForFunction(() => document.getElementById('phase')?.textContent === 'Cancelled');
      expect(await page.isEnabled('#train')).toBe(true);
      expect(await page.isEnabled('#export-model')).toBe(false);
      await page.selectOption('#dataset', 'xor');
      await trainToEnd(page);
    }));

  test('trains on a CSV file, with a choice of axes', () =>
    onPage(async (page) => {
      await page.selectOption('#dataset', 'csv');
      await page.setInputFiles('#csv', { name: 'boxes.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
      await page.selectOption('#axis-y', { label: 'depth' });
      await trainToEnd(page);
      expect(await textOf(page, '#message')).toBe('');
      await waitForComparison(page);
      await screenshot(page, 'desktop-csv');
    }));

  test.each([
    ['text in a number column', 'a,b,kind\n1,x,p\n2,3,q\n', "Line 2, column b: 'x' is not a number"],
    ['too few columns', 'a,kind\n1,p\n2,q\n', 'has 2 columns'],
    ['no rows', 'a,b,kind\n', 'has no data'],
    ['ragged rows', 'a,b,kind\n1,2,p\n3,q\n', 'not a CSV table'],
    [
      'too many classes',
      `a,b,kind\n${'123456789'.replace(/./g, (k) => `${k},${k},c${k}\n`)}`,
      'has 9 different values',
    ],
  ])('says what is wrong with a CSV file: %s', (_, text, message) =>
    onPage(async (page) => {
      await page.selectOption('#dataset', 'csv');
      await page.setInputFiles('#csv', { name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await page.waitForFunction(() => document.getElementById('message')?.textContent !== '');
      expect(await textOf(page, '#message')).toContain(message);
      expect(await page.isEnabled('#train')).toBe(true);
    }),
  );

  test('says what is wrong with a setting, and goes to its field', () =>
    onPage(async (page) => {
      await page.fill('#width', '0');
      await page.click('#train');
      expect(await textOf(page, '#message')).toContain('Width limit: expected a whole number from 1 to 1000');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('width');
    }));

  test('reports the death of its worker, and trains again', () =>
    onPage(async (page) => {
      await page.selectOption('#tolerance', '1e-4');
      await page.click('#train');
      // In one go, so that the run cannot end in between.
      await page.waitForFunction(() => {
        const hasBegun = document.getElementById('phase')?.textContent?.includes('step');
        if (hasBegun) globalThis.watched.workers[0].terminate();
        return hasBegun;
      });
      await page.waitForFunction(() => document.getElementById('message')?.textContent !== '');
      expect(await textOf(page, '#message')).toContain('the worker died');
      await page.selectOption('#dataset', 'xor');
      await trainToEnd(page);
    }));

  test('is used by keyboard alone', () =>
    onPage(async (page) => {
      await page.selectOption('#dataset', 'points');
      const place = async (label: number, moves: readonly string[]): Promise<void> => {
        await page.focus(`#classes input[value="${label}"]`);
        await page.keyboard.press('Space');
        await page.focus('#plot-convex');
        for (const key of [...moves, 'Enter']) await page.keyboard.press(key);
      };
      await place(0, Array(8).fill('ArrowLeft'));
      await page.focus('#train');
      await page.keyboard.press('Enter');
      expect(await textOf(page, '#message')).toContain('There are 1 points');
      await place(1, Array(16).fill('ArrowRight'));
      await place(1, Array(4).fill('ArrowUp'));
      await page.focus('#train');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.getElementById('phase')?.textContent?.startsWith('Done'));
    }));

  test('fits a phone 360 pixels wide, in the dark', () =>
    onPage(
      async (page) => {
        await page.selectOption('#dataset', 'iris-petal');
        await trainToEnd(page);
        await waitForComparison(page);
        const { overflow, small } = await page.evaluate(() => ({
          overflow: document.documentElement.scrollWidth - window.innerWidth,
          small: [...document.querySelectorAll('button, select, input[type="number"]')]
            .filter((control) => control.checkVisibility() && control.getBoundingClientRect().height < 40)
            .map(({ id }) => id),
        }));
        await screenshot(page, 'phone-dark');
        expect(overflow).toBe(0);
        expect(small).toEqual([]);
      },
      { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, colorScheme: 'dark' },
    ));
});
