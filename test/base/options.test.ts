import { describe, expect, it } from 'vitest';
import { OptionsError } from '../../src/base/errors.js';
import { DEFAULT_OPTIONS, type Options, resolveOptions } from '../../src/base/options.js';

/** What a caller without types might pass. */
const resolveUntyped = (options: unknown) => resolveOptions(options as Options);

describe('resolveOptions', () => {
  it('fills in frozen defaults', () => {
    expect(resolveOptions()).toEqual(DEFAULT_OPTIONS);
    expect(Object.isFrozen(DEFAULT_OPTIONS)).toBe(true);
    expect(Object.isFrozen(resolveOptions({ reg: 1 }))).toBe(true);
  });

  it('keeps what is given and treats undefined as left out', () => {
    const { signal } = new AbortController();
    const onProgress = () => {};
    const rounding = ['gaussian', 'nearest-cone'] as const;
    const given = { reg: 0.01, bias: true, tolerance: 1e-6, rounding, maxWidth: 9, timeLimitMs: 5, signal, onProgress };
    expect(resolveOptions(given)).toEqual({ ...DEFAULT_OPTIONS, ...given });
    expect(resolveOptions({ reg: undefined, signal: undefined })).toEqual(DEFAULT_OPTIONS);
  });

  it.each([
    ['regularization', 'reg'],
    ['Bias', 'bias'],
    ['standardise', 'standardize'],
    ['tol', 'tolerance'],
    ['timeLimit', 'timeLimitMs'],
    ['maxIteration', 'maxIterations'],
    ['abortSignal', 'stopSignal'],
  ])('rejects %s and names %s', (name, nearest) => {
    expect(() => resolveUntyped({ [name]: 1 })).toThrow(
      new RegExp(`^${name}: is not an option; did you mean ${nearest}\\? `),
    );
  });

  it.each<[string, unknown]>([
    ['rounding', 'best'],
    ['rounding', []],
    ['rounding', ['gaussian', 1]],
    ['maxWidth', 0],
    ['maxWidth', 2.5],
    ['reg', 0],
    ['reg', -1],
    ['reg', Number.NaN],
    ['reg', Number.POSITIVE_INFINITY],
    ['reg', '0.1'],
    ['reg', null],
    ['bias', 1],
    ['standardize', 'yes'],
    ['tolerance', 0],
    ['tolerance', 1],
    ['maxIterations', 1.5],
    ['maxIterations', -1],
    ['timeLimitMs', -1],
    ['timeLimitMs', Number.NaN],
    ['seed', 2 ** 53],
    ['seed', -1],
    ['method', 'simplex'],
    ['onProgress', true],
    ['signal', {}],
    ['stopSignal', 'now'],
  ])('rejects %s = %o with an OptionsError that names it', (option, value) => {
    let error: unknown;
    try {
      resolveUntyped({ [option]: value });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(OptionsError);
    expect(error).toMatchObject({ option, code: 'options', message: expect.stringContaining('expected') });
  });

  it.each([null, [], 'reg', 1])('rejects %o instead of an object', (options) => {
    expect(() => resolveUntyped(options)).toThrow(OptionsError);
  });

  it('does not take inherited names for options', () => {
    expect(() => resolveUntyped({ toString: 1 })).toThrow(OptionsError);
  });
});
