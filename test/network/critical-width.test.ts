import { describe, expect, it } from 'vitest';
import { criticalWidthBound } from '../../src/network/critical-width.js';

describe('criticalWidthBound', () => {
  it('is nc + 1', () => {
    expect(criticalWidthBound(25, 5)).toBe(126);
    expect(criticalWidthBound(0, 3)).toBe(1);
    expect(() => criticalWidthBound(-1, 3)).toThrow(/n: expected a whole number/);
    expect(() => criticalWidthBound(3, 0.5)).toThrow(/c: expected a whole number/);
  });
});
