/** The losses there are, by name. */
import { InputError } from '../../base/errors.js';
import type { Loss, LossJson } from './loss.js';
import { squared } from './squared.js';

const READERS: Readonly<Record<string, (json: LossJson) => Loss>> = { squared: () => squared };

/**
 * The loss that `toJSON` described.
 *
 * @param argument name used in messages
 * @throws InputError when there is no such loss
 */
export function parseLoss(json: unknown, argument: string): Loss {
  const name = typeof json === 'object' && json !== null ? (json as { name?: unknown }).name : json;
  if (typeof name === 'string' && Object.hasOwn(READERS, name)) return READERS[name](json as LossJson);
  throw new InputError(argument, `is ${JSON.stringify(json)}; expected ${Object.keys(READERS).join(', ')}`);
}
