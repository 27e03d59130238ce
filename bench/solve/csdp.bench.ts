/**
 * Side by side with CSDP, a native interior-point SDP solver (Debian: coinor-csdp; left out when absent), on the same reduced problems, to the
 * same relative gap, one thread each, the solvers taking turns. The ratio is CSDP's CPU time over ours: above 1 we are faster. CSDP's two
 * objectives hold up to its infeasibilities; our bound is certified.
 */
import { reduceProblem } from '../../src/relaxation/reduce.js';
import { squaredProblem } from '../../test/support/problem.js';
import { once, sized } from '../harness.js';
import { hasSharedData } from '../shared-data.js';
import { assertBelowOptimum, type Case, isWanted, loadCase, measure, printLine, rounded } from './cases.js';
import { csdpLibrary, solveWithCsdp } from './csdp.js';

const CASES: readonly Case[] = [
  { dataset: 'random/0', reg: 0.1, tolerance: 1e-6 },
  { dataset: 'random/0', reg: 0.01, tolerance: 1e-6 },
  { dataset: 'spiral', reg: 0.1, tolerance: 1e-6 },
  { dataset: 'spiral', reg: 0.01, tolerance: 1e-4 },
  { dataset: 'iris', reg: 0.1, tolerance: 1e-5 },
  { dataset: 'iris', reg: 0.01, tolerance: 1e-5 },
];
/** CPU seconds after which CSDP is given up. */
const CSDP_LIMIT = 600;

export async function bench(): Promise<void> {
  if (!hasSharedData()) return;
  const library = csdpLibrary();
  if (library === undefined) return console.log('left out: no csdp in the path (Debian: coinor-csdp, libopenblas0)');
  console.log(
    `CSDP with ${library}, one thread${library.startsWith('reference') ? ' (libopenblas0 makes it faster)' : ''}`,
  );
  for (const entry of sized(
    CASES.filter(({ dataset }) => isWanted(dataset)),
    CASES.slice(0, 1),
  )) {
    printLine(compare(entry));
  }
}

function compare(entry: Case) {
  const { dataset, reg, tolerance } = entry;
  const { X, Y } = loadCase(dataset);
  // On small problems the first solve pays for V8's optimising compiler.
  const rounds = X.rows > 30 || once ? 1 : 3;
  const { reduced } = reduceProblem(squaredProblem(X, Y, reg));
  const pairs = Array.from({ length: rounds }, () => ({
    own: measure(X, Y, { reg, tolerance }),
    peer: solveWithCsdp(reduced, tolerance, CSDP_LIMIT),
  }));
  const [own] = pairs.map((pair) => pair.own).sort((first, second) => first.cpuSeconds - second.cpuSeconds);
  const [peer] = pairs.flatMap((pair) => pair.peer ?? []).sort((first, second) => first.cpuMs - second.cpuMs);
  assertBelowOptimum(entry, own.result);
  const { result, cpuSeconds } = own;
  return {
    dataset,
    reg,
    asked: tolerance,
    'own status': result.status,
    'own CPU s': rounded(cpuSeconds, 3),
    value: rounded(result.value, 8),
    bound: rounded(result.lowerBound, 8),
    gap: result.gap.toExponential(1),
    CSDP: peer?.status ?? `no answer in ${CSDP_LIMIT} s`,
    ...(peer && {
      'CSDP CPU s': rounded(peer.cpuMs / 1e3, 3),
      'CSDP value': rounded(peer.value, 8),
      'CSDP bound': rounded(peer.bound, 8),
      constraints: peer.constraints,
      iterations: peer.iterations,
      ratio: rounded(peer.cpuMs / 1e3 / cpuSeconds, 2),
    }),
  };
}
