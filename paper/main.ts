/** The commands of the repository about the paper: `npm run reproduce`, `npm run report` and `npm run convert`. */
import { availableParallelism } from 'node:os';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { number, numbers, positive, wholeNumber } from '../src/cli/arguments.js';
import { ExitCode } from '../src/cli/exit-codes.js';
import { runProgram } from '../src/cli/run-program.js';
import { DATA_NAMES, type DataName } from './cells/results.js';
import { CONVERTED_NAMES, convert } from './convert.js';

type Finish = (exitCode: number) => void;

await runProgram((finish) => {
  const program = new Command('npm run')
    .description("The paper's experiments.")
    .showHelpAfterError('(npm run reproduce -- --help lists the options)')
    .exitOverride();
  addReproduce(program, finish);
  addReport(program, finish);
  addConvert(program, finish);
  return program;
});

function addReproduce(program: Command, finish: Finish): void {
  program
    .command('reproduce')
    .usage('-- [options]')
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
    .action(async (options) => {
      const { reproduce } = await import('./run/reproduce.js');
      finish(await reproduce(options));
    });
}

function addReport(program: Command, finish: Finish): void {
  program
    .command('report')
    .usage('-- <folder>')
    .description('write the report of a run again, from the results.json in its folder')
    .argument('<folder>', 'the --out of a run')
    .action(async (folder) => {
      const { rewriteReport } = await import('./report/write.js');
      await rewriteReport(folder);
      finish(ExitCode.ok);
    });
}

function addConvert(program: Command, finish: Finish): void {
  program
    .command('convert')
    .usage('-- <data> <files...> [options]')
    .description('make the CSV file that reproduce --data reads from what UCI or MNIST distribute')
    .addArgument(new Argument('<data>', 'which data set').choices(CONVERTED_NAMES))
    .argument(
      '<files...>',
      'the file; for mnist20 four IDX files, also gzipped: training images, their labels, test images, their labels',
    )
    .addOption(new Option('--seed <integer>', 'seed of the split').argParser(number).default(0))
    .requiredOption('--out <data.csv>', 'file to write; reproduce looks for <data>.csv')
    .action(async (name, files, options) => finish(await convert(name, files, options)));
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
