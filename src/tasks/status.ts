/** How a run ended, as its result says it. */
import type { RunStatus } from '../base/types.js';

/** 'certified' is what the verified gap says, whatever the work believed of itself; short of that, work that ended by itself has converged. */
export function judge(gap: number | undefined, tolerance: number, status: RunStatus): RunStatus {
  if (gap !== undefined && gap <= tolerance) return 'certified';
  return hasEnded(status) ? 'converged' : status;
}

/** Whether the work ended by itself: nothing cut it short. */
export const hasEnded = (status: RunStatus): boolean => status === 'certified' || status === 'converged';
