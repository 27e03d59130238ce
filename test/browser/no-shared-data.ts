/** Stands in for test/support/shared-data.ts in a page, which has no file system. */
export const sharedData = { available: false };

const missing = (): never => {
  throw new Error('a page cannot read ../shared; guard the test with describe.skipIf(!sharedData.available)');
};
export const loadDataset = missing;
export const referenceOptimum = missing;
