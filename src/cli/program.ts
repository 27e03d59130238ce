/** The command line's words: commands, options, help. What each command does is in commands/. */
import { availableParallelism } from 'node:os';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { COMPARED_METHODS } from '../baselines/index.js';
import { DEFAULT_OPTIONS, ROUNDINGS } from '../index.js';
import { DATA_NAMES, type DataName } from '../reproduce/index.js';
import { compare } from './commands/compare.js';
import { CONVERTED_NAMES, convert } from './commands/convert.js';
import { demo } from './commands/demo.js';
import { info } from './commands/info.js';
import { path } from './commands/path.js';
import { predict } from './commands/predict.js';
import { reproduce } from './commands/reproduce.js';
import { train } from './commands/train.js';
import { verify } from './commands/verify.js';
import { packageVersion } from './package-version.js';

const EXIT_CODES = `
Exit codes: 0 done; 1 unexpected error; 2 the command line or an input file cannot be used; 3 verify: a claim of
the model was not proved; 130 stopped by Ctrl-C (train still reports and writes the best network so far).`;

/** The demo's time limit: the first thing a newcomer runs is over within a minute, on a slow machine with a wider gap. */
const DEMO_SECONDS = 50;

/** Several times what the exact oracle needs for the largest data it is used on. */
const VERIFY_SECONDS = 120;

/** Forty runs by default: shared evenly among them, but for closed forms, which take what they need. */
const COMPARE_SECONDS = 120;

/**
 * Every command's action resolves to the exit code, handed to `finish`.
 *
 * @param executable what the worker threads of `reproduce` run: the module that calls this
 */
export function createProgram(finish: (exitCode: number) => void, executable: URL): Command {
  const program = new Command('convex-relu')
    .description(
      'Trains two-layer ReLU networks with a rigorous lower bound on the loss of every network of any width.',
    )
    .version(packageVersion())
    .addHelpText('after', EXIT_CODES)
    .configureHelp({ sortSubcommands: false })
    .showHelpAfterError('(convex-relu --help lists commands and options)')
    .exitOverride();

  const json = (): Option => new Option('--json', 'print the result as JSON on standard output').default(false);

  const reg = (): Option =>
    new Option('--reg <number>', 'weight decay, > 0').argParser(number).default(DEFAULT_OPTIONS.reg);
  const tolerance = (): Option =>
    new Option('--tolerance <number>', 'relative gap of the relaxation to reach')
      .argParser(number)
      .default(DEFAULT_OPTIONS.tolerance);
  const timeLimit = (): Option =>
    new Option('--time-limit <seconds>', 'stop after this long with the best so far').argParser(seconds);
  /** A command that learns from a CSV file. */
  const learning = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('<data.csv>', 'training data, numbers in every feature column')
      .requiredOption('--target <column>', 'column to predict; give it again for several', collect)
      .option('--classes', 'the target holds class labels even though they look like numbers', false)
      .option('--ignore <column>', 'column to leave out; give it again for several', collect, [])
      .option('--bias', 'append a column of ones to the features', DEFAULT_OPTIONS.bias)
      .option('--standardize', 'scale features to mean 0 and standard deviation 1', DEFAULT_OPTIONS.standardize)
      .addOption(
        new Option('--seed <integer>', 'seed of every random choice').argParser(number).default(DEFAULT_OPTIONS.seed),
      );

  learning('train', 'train on a CSV file with a header line')
    .addOption(reg())
    .addOption(
      new Option('--test-fraction <number>', 'part of the rows held out for testing').argParser(fraction).default(0),
    )
    .addOption(tolerance())
    .addOption(
      new Option('--rounding <names...>', "how the relaxation's solution is turned into networks; the best is kept")
        .choices(ROUNDINGS)
        .default([DEFAULT_OPTIONS.rounding].flat()),
    )
    .addOption(new Option('--max-width <n>', 'most neurons the network may have').argParser(wholeNumber))
    .addOption(timeLimit())
    .option('--out <model.json>', 'write the network and its certificate to this file')
    .addOption(json())
    .action(async (file, options) => finish(await train(file, options)));

  program
    .command('predict')
    .description('predict with a trained model; prints CSV')
    .argument('<model.json>', 'file written by train --out')
    .argument('<data.csv>', "file with the model's feature columns; others are ignored")
    .action(async (model, data) => finish(await predict(model, data)));

  program
    .command('verify')
    .description("check a model's claims against its training data, from scratch")
    .argument('<model.json>', 'file written by train --out')
    .argument('<data.csv>', 'the file the model was trained on')
    .addOption(
      new Option('--time-limit <seconds>', "stop the search behind the exact oracle's bound after this long")
        .argParser(seconds)
        .default(VERIFY_SECONDS),
    )
    .addOption(json())
    .action(async (model, data, options) => finish(await verify(model, data, options)));

  learning('path', 'train at several weight decays, warm-started from larger to smaller')
    .addOption(
      new Option('--regs <numbers>', 'weight decays > 0, separated by commas').argParser(numbers).makeOptionMandatory(),
    )
    .addOption(tolerance())
    .addOption(timeLimit())
    .addOption(json())
    .action(async (file, options) => finish(await path(file, options)));

  learning('compare', 'train and test every method on the same random splits; nothing is tuned')
    .addOption(reg())
    .addOption(
      new Option('--splits <n>', 'random splits, half of the rows for training').argParser(wholeNumber).default(5),
    )
    .addOption(
      new Option('--methods <names...>', 'methods to compare; all but copositiveRelaxation when left out').choices(
        COMPARED_METHODS,
      ),
    )
    .addOption(timeLimit().default(COMPARE_SECONDS))
    .addOption(json())
    .action(async (file, options) => finish(await compare(file, options)));

  program
    .command('reproduce')
    .description(
      "run the paper's experiments on its seven data sets and write a report; what is finished is not run again",
    )
    .addOption(
      new Option('--only <names>', `data sets, separated by commas: ${DATA_NAMES.join(', ')}`)
        .argParser(dataNames)
        .default(DATA_NAMES, 'all that there are files for'),
    )
    .addOption(
      new Option('--reg <numbers>', 'weight decays > 0, separated by commas')
        .argParser(numbers)
        .default([0.1, 0.01], '0.1,0.01'),
    )
    .option('--data <folder>', 'folder with <name>.csv files; random, spiral and iris need none')
    .addOption(
      new Option('--seeds <k>', "random splits for test accuracy, besides the paper's")
        .argParser(wholeNumber)
        .default(5),
    )
    .addOption(
      new Option('--jobs <j>', 'cells that run at the same time, each in a worker of its own')
        .argParser(wholeNumber)
        .default(Math.max(1, availableParallelism() - 1), 'cores − 1'),
    )
    .addOption(
      new Option('--effort <factor>', 'multiplies every time limit, which are for an hour on two cores in all')
        .argParser(positive)
        .default(1),
    )
    .option('--out <folder>', 'where finished cells and the report go', 'report')
    .action(async (options) => finish(await reproduce(options, executable)));

  program
    .command('convert')
    .description('make the CSV file that reproduce --data reads from what UCI or MNIST distribute')
    .addArgument(new Argument('<data>', 'which data set').choices(CONVERTED_NAMES))
    .argument(
      '<files...>',
      'the file; for mnist20 four IDX files, also gzipped: training images, their labels, test images, their labels',
    )
    .addOption(new Option('--seed <integer>', 'seed of the split').argParser(number).default(DEFAULT_OPTIONS.seed))
    .requiredOption('--out <data.csv>', 'file to write; reproduce looks for <data>.csv')
    .action(async (name, files, options) => finish(await convert(name, files, options)));

  program
    .command('info')
    .description('version and build; with rows, features and outputs also what training would cost')
    .argument('[n]', 'training rows', wholeNumber)
    .argument('[d]', 'features, counting the bias', wholeNumber)
    .argument('[c]', 'outputs', wholeNumber)
    .addOption(json())
    .action(async (n, d, c, options) => finish(await info([n, d, c], options)));

  program
    .command('demo')
    .description("train on half of Fisher's Iris and test on the other half")
    .addOption(timeLimit().default(DEMO_SECONDS))
    .addOption(json())
    .action(async (options) => finish(await demo(options)));

  return program;
}

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

function numbers(text: string): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (values.some(Number.isNaN)) throw new InvalidArgumentError('Expected numbers such as 1,0.1,0.01.');
  return values;
}

function dataNames(text: string): DataName[] {
  const names = text.split(',').map((part) => part.trim());
  const known = (name: string): name is DataName => DATA_NAMES.some((other) => other === name);
  const unknown = names.find((name) => !known(name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`'${unknown}' is no data set; there are ${DATA_NAMES.join(', ')}.`);
  }
  return DATA_NAMES.filter((name) => names.includes(name));
}

function positive(text: string): number {
  const value = number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Expected a number > 0.');
  return value;
}

function fraction(text: string): number {
  const value = number(text);
  if (value < 0 || value >= 1) throw new InvalidArgumentError('Expected a number from 0 to below 1, such as 0.5.');
  return value;
}

function seconds(text: string): number {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError('Expected a number of seconds > 0.');
  return value;
}

function wholeNumber(text: string): number {
  const value = number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number ≥ 1.');
  return value;
}
