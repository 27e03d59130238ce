/** `convex-relu info`: what this build is, and what a training run of a given size would cost. */
import { estimateCost, InputError } from '../../index.js';
import { ExitCode } from '../exit-codes.js';
import { packageVersion } from '../package-version.js';

type Size = readonly [rows?: number, features?: number, outputs?: number];

export async function info(size: Size, flags: { readonly json: boolean }): Promise<number> {
  const [n, d, c] = size;
  if (n !== undefined && (d === undefined || c === undefined)) {
    throw new InputError(
      'info',
      'give all of n, d and c (rows, features, outputs), for example: convex-relu info 75 5 3',
    );
  }
  const build = { version: packageVersion(), node: process.versions.node };
  const cost = n === undefined || d === undefined || c === undefined ? undefined : estimateCost(n, d, c);
  console.log(JSON.stringify({ ...build, cost }, null, 2));
  return ExitCode.ok;
}
