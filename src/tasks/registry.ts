/** Every task by the name of its function. */
import type { RunLimits } from '../base/types.js';
import { certifyNetworkTask } from './certify-network.js';
import { examineRelaxationTask } from './examine.js';
import { growNetworkTask } from './grow-network.js';
import { maximizeNeuronTask } from './maximize-neuron.js';
import { trainPathTask } from './path.js';
import { roundRelaxationTask } from './round-relaxation.js';
import { RELAXATION_DEFAULTS, solveRelaxationTask } from './solve-relaxation.js';
import type { Task } from './task.js';
import { TRAIN_DEFAULTS, trainTask } from './train.js';
import { verifyProofTask } from './verify-proof.js';
import { widthSweepTask } from './width-sweep.js';

export type TaskName =
  | 'train'
  | 'trainPath'
  | 'solveRelaxation'
  | 'roundRelaxation'
  | 'growNetwork'
  | 'certifyNetwork'
  | 'examineRelaxation'
  | 'widthSweep'
  | 'maximizeNeuron'
  | 'verifyProof';

/** A task of which only the message knows what goes in. */
export type AnyTask = Task<RunLimits, unknown, unknown, unknown>;

export const TASKS = Object.freeze({
  train: trainTask,
  trainPath: trainPathTask,
  solveRelaxation: solveRelaxationTask,
  roundRelaxation: roundRelaxationTask,
  growNetwork: growNetworkTask,
  certifyNetwork: certifyNetworkTask,
  examineRelaxation: examineRelaxationTask,
  widthSweep: widthSweepTask,
  maximizeNeuron: maximizeNeuronTask,
  verifyProof: verifyProofTask,
}) as Readonly<Record<TaskName, AnyTask>>;

/** What the options of each task are when they are left out. */
export const DEFAULT_OPTIONS = Object.freeze({
  train: TRAIN_DEFAULTS,
  trainPath: trainPathTask.defaults,
  solveRelaxation: RELAXATION_DEFAULTS,
  roundRelaxation: roundRelaxationTask.defaults,
  growNetwork: growNetworkTask.defaults,
  certifyNetwork: certifyNetworkTask.defaults,
  examineRelaxation: examineRelaxationTask.defaults,
  widthSweep: widthSweepTask.defaults,
  maximizeNeuron: maximizeNeuronTask.defaults,
});
