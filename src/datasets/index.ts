/** `convex-relu/datasets`: the paper's data sets, generated or read from the files their publishers distribute. */
export {
  allExamples,
  type Dataset,
  type Examples,
  formatCsv,
  oneHot,
  randomHalves,
  scaleByScalars,
  selectExamples,
  stratifiedHalves,
} from './dataset.js';
export { type DigitImages, type DigitOptions, reduceDigits } from './digits.js';
export { randomTeacher, spiral, type TeacherOptions } from './generators.js';
export { type IdxArray, parseIdx } from './idx.js';
export { parseUci, UCI_NAMES, type UciName } from './uci.js';
