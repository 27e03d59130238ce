/** The command line's words: commands, options, help. What each command does is in commands/. */
import { Command, Option } from 'commander';
import { COMPARED_METHODS } from '../baselines/index.js';
import { DEFAULT_OPTIONS } from '../index.js';
import { ROUNDINGS } from '../network/rounding/roundings.js';
import { collect, fraction, number, numbers, seconds, wholeNumber } from './arguments.js';
import { compare } from './commands/compare.js';
import { demo } from './commands/demo.js';
import { info } from './commands/info.js';
import { path } from './commands/path.js';
import { predict } from './commands/predict.js';
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

/** Forty runs by default: shared evenly among them, except for closed forms, which take what they need. */
const COMPARE_SECONDS = 120;

type Finish = (exitCode: number) => void;

/** Every command's action resolves to the exit code, handed to `finish`. */
export function createProgram(finish: Finish): Command {
  const program = new Command('convex-relu')
    .description(
      'Trains two-layer ReLU networks with a rigorous lower bound on the loss of every network of any width.',
    )
    .version(packageVersion())
    .addHelpText('after', EXIT_CODES)
    .configureHelp({ sortSubcommands: false })
    .showHelpAfterError('(convex-relu --help lists commands and options)')
    .exitOverride();
  for (const add of [addTrain, addPredict, addVerify, addPath, addCompare, addInfo, addDemo]) {
    add(program, finish);
  }
  return program;
}

function addTrain(program: Command, finish: Finish): void {
  learning(program, 'train', 'train on a CSV file with a header line')
    .addOption(reg())
    .addOption(
      new Option('--test-fraction <number>', 'part of the rows held out for testing').argParser(fraction).default(0),
    )
    .addOption(tolerance())
    .addOption(
      new Option('--rounding <names...>', "how the relaxation's solution is turned into networks; the best is kept")
        .choices(ROUNDINGS)
        .default([DEFAULT_OPTIONS.train.rounding].flat()),
    )
    .addOption(new Option('--max-width <n>', 'most neurons the network may have').argParser(wholeNumber))
    .addOption(timeLimit().default(TRAIN_SECONDS))
    .option('--out <model.json>', 'write the network to this file')
    .option('--proof <proof.json>', 'write the proof of its bound to this file, for verify')
    .addOption(json())
    .action(async (file, options) => finish(await train(file, options)));
}

function addPredict(program: Command, finish: Finish): void {
  program
    .command('predict')
    .description('predict with a trained model; prints CSV')
    .argument('<model.json>', 'file written by train --out')
    .argument('<data.csv>', "file with the model's feature columns; others are ignored")
    .option(
      '--raw',
      'leave texts that a spreadsheet would run as formulas (=, +, -, @ first) without an apostrophe',
      false,
    )
    .action(async (model, data, flags) => finish(await predict(model, data, flags)));
}

function addVerify(program: Command, finish: Finish): void {
  program
    .command('verify')
    .description("check a model's claims against its proof and its training data, from scratch")
    .argument('<model.json>', 'file written by train --out')
    .argument('<proof.json>', 'file written by train --proof; left out for models of 0.1, which hold their proof')
    .argument('[data.csv]', 'the file the model was trained on')
    .addOption(
      new Option('--time-limit <seconds>', "stop the search behind the exact oracle's bound after this long")
        .argParser(seconds)
        .default(VERIFY_SECONDS),
    )
    .addOption(json())
    .action(async (model, first, second, options) => finish(await verify(model, first, second, options)));
}

function addPath(program: Command, finish: Finish): void {
  learning(program, 'path', 'train at several weight decays, warm-started from larger to smaller')
    .addOption(
      new Option('--regs <numbers>', 'weight decays > 0, separated by commas').argParser(numbers).makeOptionMandatory(),
    )
    .addOption(tolerance())
    .addOption(timeLimit())
    .addOption(json())
    .action(async (file, options) => finish(await path(file, options)));
}

function addCompare(program: Command, finish: Finish): void {
  learning(program, 'compare', 'train and test every method on the same random splits; nothing is tuned')
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
}

function addInfo(program: Command, finish: Finish): void {
  program
    .command('info')
    .description('version and build; with rows, features and outputs also what training would cost')
    .argument('[n]', 'training rows', wholeNumber)
    .argument('[d]', 'features, counting the bias', wholeNumber)
    .argument('[c]', 'outputs', wholeNumber)
    .addOption(json())
    .action(async (n, d, c, options) => finish(await info([n, d, c], options)));
}

function addDemo(program: Command, finish: Finish): void {
  program
    .command('demo')
    .description("train on half of Fisher's Iris and test on the other half")
    .addOption(timeLimit().default(DEMO_SECONDS))
    .addOption(json())
    .action(async (options) => finish(await demo(options)));
}

const json = (): Option => new Option('--json', 'print the result as JSON on standard output').default(false);

const reg = (): Option =>
  new Option('--reg <number>', 'weight decay, > 0').argParser(number).default(DEFAULT_OPTIONS.train.reg);

const tolerance = (): Option =>
  new Option('--tolerance <number>', 'relative gap of the relaxation to reach')
    .argParser(number)
    .default(DEFAULT_OPTIONS.train.tolerance);

/** Of `train`, in seconds. */
const TRAIN_SECONDS = (DEFAULT_OPTIONS.train.timeLimitMs ?? Number.POSITIVE_INFINITY) / 1000;

const timeLimit = (): Option =>
  new Option('--time-limit <seconds>', 'stop after this long with the best so far').argParser(seconds);

/** A command that learns from a CSV file. */
const learning = (program: Command, name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .argument('<data.csv>', 'training data, numbers in every feature column')
    .requiredOption('--target <column>', 'column to predict; give it again for several', collect)
    .option('--classes', 'the target holds class labels even though they look like numbers', false)
    .option('--ignore <column>', 'column to leave out; give it again for several', collect, [])
    .option('--bias', 'append a column of ones to the features', DEFAULT_OPTIONS.train.bias)
    .option('--standardize', 'scale features to mean 0 and standard deviation 1', DEFAULT_OPTIONS.train.standardize)
    .addOption(
      new Option('--seed <integer>', 'seed of every random choice')
        .argParser(number)
        .default(DEFAULT_OPTIONS.train.seed),
    );
