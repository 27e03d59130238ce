import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../src/base/check.js';
import { OptionsError } from '../../src/base/errors.js';
import { TRAIN_CHECKS, TRAIN_DEFAULTS } from '../../src/tasks/train.js';

/** What a caller without types might pass. */
const resolve = (options: unknown) => checkOptions(options as object, TRAIN_DEFAULTS, TRAIN_CHECKS);

describe('the options of training', () => {
  it('fills in frozen defaults', () => {
    expect(resolve({})).toEqual(TRAIN_DEFAULTS);
    expect(Object.isFrozen(TRAIN_DEFAULTS)).toBe(true);
    expect(Object.isFrozen(resolve({ reg: 1 }))).toBe(true);
  });

  it('keeps what is given and treats undefined as left out', () => {
    const { signal } = new AbortController();
    const onProgress = () => {};
    const rounding = ['gaussian', 'nearest-cone'] as const;
    const given = { reg: 0.01, bias: true, tolerance: 1e-6, rounding, maxWidth: 9, timeLimitMs: 5, signal, onProgress };
    expect(resolve(given)).toEqual({ ...TRAIN_DEFAULTS, ...given });
    expect(resolve({ reg: undefined, signal: undefined })).toEqual(TRAIN_DEFAULTS);
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
    expect(() => resolve({ [name]: 1 })).toThrow(new RegExp(`^${name}: is not an option; did you mean ${nearest}\\? `));
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
    ['signal', { aborted: false, addEventListener: 1 }],
    ['resume', {}],
    ['onCheckpoint', 1],
    ['stopSignal', 'now'],
  ])('rejects %s = %o with an OptionsError that names it', (option, value) => {
    let error: unknown;
    try {
      resolve({ [option]: value });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(OptionsError);
    expect(error).toMatchObject({ option, code: 'options', message: expect.stringContaining('expected') });
  });

  it.each([null, [], 'reg', 1])('rejects %o instead of an object', (options) => {
    expect(() => resolve(options)).toThrow(OptionsError);
  });

  it('does not take inherited names for options', () => {
    expect(() => resolve({ toString: 1 })).toThrow(OptionsError);
  });
});
