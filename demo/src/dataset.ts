/** A labelled data set, as every part of the playground passes it around. */
export interface Dataset {
  readonly name: string;
  readonly featureNames: readonly string[];
  readonly classNames: readonly string[];
  /** One row per example. */
  readonly X: readonly (readonly number[])[];
  /** Index into `classNames`, one per row. */
  readonly labels: readonly number[];
  /** Whether features have units of their own and are standardised before training. */
  readonly hasUnits: boolean;
}

/** What cannot be trained on, and why, in words for the page. */
export class DatasetError extends Error {}

/** Rows beyond which a solve in a page takes minutes. */
export const MAX_ROWS = 150;
/** Distinct colours the page has. */
export const MAX_CLASSES = 6;

/** @throws DatasetError when there is too little or too much to train on */
export function assertTrainable({ X, labels, classNames }: Dataset): void {
  if (X.length < 2) throw new DatasetError(`There are ${X.length} points; place at least two.`);
  if (new Set(labels).size < 2) {
    throw new DatasetError(`All points are of class ${classNames[labels[0]]}; training needs at least two classes.`);
  }
  if (X.length > MAX_ROWS) {
    throw new DatasetError(
      `There are ${X.length} rows; this page takes at most ${MAX_ROWS}, the command line takes more.`,
    );
  }
}

/** The labels the library trains on: the names of the classes. */
export const classLabels = ({ labels, classNames }: Dataset): string[] => labels.map((label) => classNames[label]);
