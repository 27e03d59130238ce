/** What the tasks report while they work. */
import type { Heartbeat } from '../base/types.js';
import type { GrowthReport } from '../growth/grow.js';
import type { NetworkReport } from '../network/polish.js';
import type { RelaxationRecord } from '../relaxation/records.js';

/** What `onProgress` receives, told apart by `kind`. What several kinds have in common can be read from any. */
export type Progress = RelaxationRecord | NetworkReport | GrowthReport | Heartbeat;
