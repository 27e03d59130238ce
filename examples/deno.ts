// Deno, without any permission:   deno run examples/deno.ts   (or, in a Deno project: deno add npm:convex-relu)
import { solveRelaxation } from 'convex-relu';

const X = [
  [1, 0.2],
  [0.3, -1],
  [-0.7, 0.5],
  [0.1, 0.9],
];
const Y = [[1], [0], [0.5], [0.8]];

const { value, lowerBound, iterations } = await solveRelaxation(X, Y, { reg: 0.1, tolerance: 1e-6 });
console.log(
  `relaxation between ${lowerBound.toPrecision(8)} and ${value.toPrecision(8)} after ${iterations} iterations`,
);
