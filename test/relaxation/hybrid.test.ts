import { describe, expect, test } from 'vitest';
import { InputError, NumericalError } from '../../src/base/errors.js';
import { complete } from '../../src/base/run.js';
import type { Backend, NewtonPoint } from '../../src/relaxation/backends/contract.js';
import { HybridBackend } from '../../src/relaxation/backends/hybrid.js';

const fake = (name: Backend['name'], prepare: () => boolean): Backend => ({
  name,
  cgSteps: 0,
  settings: { predictorTolerance: 0, correctorTolerance: 0, secondOrderBound: 1 },
  *prepare() {
    yield;
    return prepare();
  },
  *solve() {
    yield;
  },
});
const within = (ms: number, ...gaps: number[]): NewtonPoint =>
  ({ gaps, remainingMs: () => ms }) as unknown as NewtonPoint;
const at = (...gaps: number[]): NewtonPoint => within(Number.POSITIVE_INFINITY, ...gaps);
const works = () => true;

describe('HybridBackend', () => {
  test('stays with the first while the gap shrinks', () => {
    const hybrid = new HybridBackend(fake('cg', works), () => fake('dense', works), 0);
    expect(complete(hybrid.prepare(at(0.9, 0.5, 0.2, 0.04, 0.01, 0.005, 0.002)))).toBe(true);
    expect(hybrid.name).toBe('cg');
  });

  test.each([
    ['near the optimum after three iterations', [0.04, 0.039, 0.038, 0.037]],
    ['far from it after ten', Array.from({ length: 11 }, (_, k) => 0.8 - k / 200)],
  ])('switches for good when the gap stays, %s', (_, gaps) => {
    let created = 0;
    const hybrid = new HybridBackend(
      fake('cg', works),
      () => {
        created++;
        return fake('dense', works);
      },
      0,
    );
    complete(hybrid.prepare(at(...gaps)));
    expect(hybrid.name).toBe('dense');
    complete(hybrid.prepare(at(0.9, 0.1, 0.001)));
    expect(hybrid.name).toBe('dense');
    expect(created).toBe(1);
  });

  test('switches when the first fails numerically, and hides no other error', () => {
    const failing = (error: Error) =>
      new HybridBackend(
        fake('cg', () => {
          throw error;
        }),
        () => fake('dense', works),
        0,
      );
    const hybrid = failing(new NumericalError('NaN'));
    expect(complete(hybrid.prepare(at(0.5)))).toBe(true);
    expect(hybrid.name).toBe('dense');
    expect(() => complete(failing(new InputError('X', 'wrong')).prepare(at(0.5)))).toThrow(InputError);
  });

  test('does not switch where the time left is too short for an iteration with the second', () => {
    const stuck = [0.04, 0.039, 0.038, 0.037];
    const create = (isSound: () => boolean) => new HybridBackend(fake('cg', isSound), () => fake('dense', works), 1000);
    const hybrid = create(works);
    expect(complete(hybrid.prepare(within(900, ...stuck)))).toBe(true);
    expect(hybrid.name).toBe('cg');
    expect(complete(hybrid.prepare(within(1000, ...stuck)))).toBe(true);
    expect(hybrid.name).toBe('dense');
    expect(complete(create(() => false).prepare(within(900, ...stuck)))).toBe(false);
  });

  test('resumes where it was', () => {
    expect(new HybridBackend(fake('cg', works), () => fake('dense', works), 0, 'dense').name).toBe('dense');
  });
});
