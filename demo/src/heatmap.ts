/** Lambda as a picture: one pixel an entry, block borders and names on top. */
import { isDark, rgb, themeColour } from './theme.js';

export interface LambdaPicture {
  /** p×p, row-major. */
  readonly entries: Float32Array;
  readonly p: number;
  /** Names and sizes of the blocks, in order. */
  readonly blocks: readonly (readonly [string, number])[];
}

const POSITIVE = ['#4450c8', '#8d97ff'] as const;
const NEGATIVE = ['#c63d5c', '#ff7a94'] as const;

export function drawHeatmap(canvas: HTMLCanvasElement, picture: LambdaPicture | undefined): void {
  const size = Math.round(canvas.clientWidth * devicePixelRatio);
  canvas.width = canvas.height = size;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.clearRect(0, 0, size, size);
  if (picture === undefined) return;
  context.imageSmoothingEnabled = false;
  context.drawImage(pixels(picture), 0, 0, size, size);
  paintBlocks(context, size, picture);
}

function pixels({ entries, p, blocks }: LambdaPicture): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = p;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const image = context.createImageData(p, p);
  const theme = isDark() ? 1 : 0;
  const colours = [rgb(POSITIVE[theme]), rgb(NEGATIVE[theme])];
  const block = blockOfIndex(blocks);
  const largest = blockMaxima(entries, p, block, blocks.length);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) {
      const value = entries[i * p + j];
      const scale = largest[block[i] * blocks.length + block[j]] || 1;
      // Square root, so that small entries are seen; each block on its own scale, for their units differ.
      const colour = colours[value < 0 ? 1 : 0];
      const pixel = 4 * (i * p + j);
      for (let k = 0; k < 3; k++) image.data[pixel + k] = colour[k];
      image.data[pixel + 3] = 255 * Math.sqrt(Math.abs(value) / scale);
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

const blockOfIndex = (blocks: LambdaPicture['blocks']): number[] =>
  blocks.flatMap(([, size], index) => new Array<number>(size).fill(index));

function blockMaxima(entries: Float32Array, p: number, block: readonly number[], count: number): Float64Array {
  const largest = new Float64Array(count * count);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) {
      const index = block[i] * count + block[j];
      largest[index] = Math.max(largest[index], Math.abs(entries[i * p + j]));
    }
  }
  return largest;
}

function paintBlocks(context: CanvasRenderingContext2D, size: number, { p, blocks }: LambdaPicture): void {
  context.strokeStyle = themeColour('--muted');
  context.fillStyle = themeColour('--text');
  context.lineWidth = Math.max(1, devicePixelRatio);
  context.font = `600 ${13 * devicePixelRatio}px system-ui, sans-serif`;
  context.textBaseline = 'top';
  let start = 0;
  for (const [name, length] of blocks) {
    const at = (start / p) * size;
    if (start > 0) {
      context.beginPath();
      context.moveTo(at, 0);
      context.lineTo(at, size);
      context.moveTo(0, at);
      context.lineTo(size, at);
      context.stroke();
    }
    if (length / p > 0.1) context.fillText(name, at + 5 * devicePixelRatio, at + 4 * devicePixelRatio);
    start += length;
  }
}
