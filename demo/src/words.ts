/** The certificate in words and figures. */

/** Where a run stands; fields are undefined until they are known. */
export interface Standing {
  readonly lowerBound?: number | undefined;
  readonly loss?: number | undefined;
  /** Value of the convex relaxation. */
  readonly value?: number | undefined;
  /** (value − bound) / value of the convex relaxation by itself. */
  readonly relaxationGap?: number | undefined;
  readonly width?: number | undefined;
}

/** A piece of a sentence; `strong` pieces are the figures. */
export interface Piece {
  readonly text: string;
  readonly strong?: boolean;
}

const strong = (text: string): Piece => ({ text, strong: true });
const plain = (text: string): Piece => ({ text });

/** Five significant digits, without trailing noise. */
export const figure = (value: number): string => (value === 0 ? '0' : Number(value.toPrecision(5)).toString());

/** A relative gap as a percentage with two significant digits. */
export const percent = (gap: number): string =>
  gap >= 0.095 ? `${(100 * gap).toFixed(0)} %` : `${Number((100 * gap).toPrecision(2))} %`;

export const relativeGap = (upper: number, lower: number): number =>
  upper > 0 ? Math.max(0, (upper - lower) / upper) : 0;

/** What is known so far, for a reader who has never heard of a dual bound. */
export function certificateSentence(standing: Standing, isRunning: boolean): Piece[] {
  const { lowerBound, loss, width } = standing;
  if (lowerBound === undefined || !Number.isFinite(lowerBound)) {
    return [
      plain(
        isRunning
          ? 'Working on the first proof…'
          : 'Press Train. In a few seconds you get a network, and a number that no network of any width can beat on this data.',
      ),
    ];
  }
  const floor = [plain('No network of any width can have a training loss below '), strong(figure(lowerBound))];
  if (loss === undefined) return [...floor, plain(isRunning ? '. The floor is still rising…' : '.')];
  const gap = relativeGap(loss, lowerBound);
  const neurons = width === undefined ? 'This network' : `This network of ${width} neuron${width === 1 ? '' : 's'}`;
  return [
    ...floor,
    plain(`. ${neurons} has `),
    strong(figure(loss)),
    ...(gap < 1e-6
      ? [plain(': it is the best there is, up to rounding.')]
      : [plain(', so no other can be better by more than '), strong(percent(gap)), plain('.')]),
  ];
}

export const asText = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');
