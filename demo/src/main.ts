/** The playground: wires the form to a training session and the session to the page. */
import 'uplot/dist/uPlot.min.css';
import './style.css';
import { createTrainer } from 'convex-relu/worker';
import { parseCsv } from './csv.js';
import { assertTrainable, type Dataset, DatasetError } from './dataset.js';
import { builtInDataset, EMPTY_DATASET } from './datasets.js';
import { box, button, canvas, element, input, select } from './dom.js';
import { downloadModel, downloadReport } from './exports.js';
import { Page } from './page.js';
import { chosenClass, showClasses, watchPlacing, withoutLastPoint, withPoint } from './point-editor.js';
import { runSession, type TrainedResult } from './session.js';
import { initSettings, readSettings, type Settings, SettingsError } from './settings.js';
import { watchTheme } from './theme.js';
import { asText, certificateSentence } from './words.js';

const trainer = createTrainer();
let dataset: Dataset = builtInDataset('spiral', 1) as Dataset;
let axes: readonly [number, number] = [0, 1];
let run: AbortController | undefined;
let trained: { readonly dataset: Dataset; readonly settings: Settings; readonly result: TrainedResult } | undefined;

const page = new Page(dataset);

function announce(text: string): void {
  box('announcer').textContent = text;
}

function showError(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  box('message').textContent = message;
  if (error instanceof SettingsError) {
    element('settings', HTMLDetailsElement).open = true;
    error.field.focus();
  }
}

/** Stops whatever runs; what is on the page stays. */
function stopRun(): void {
  run?.abort(new DOMException('Cancelled', 'AbortError'));
  run = undefined;
  page.setRunning(false);
  page.setCancellable(false);
}

function setDataset(next: Dataset, nextAxes: readonly [number, number] = [0, 1]): void {
  stopRun();
  dataset = next;
  axes = nextAxes;
  trained = undefined;
  box('message').textContent = '';
  page.reset();
  page.setDataset(dataset, axes);
  showClasses(dataset);
  showAxes();
}

function showAxes(): void {
  box('axes').hidden = dataset.featureNames.length <= 2;
  (['axis-x', 'axis-y'] as const).forEach((id, position) => {
    select(id).replaceChildren(...dataset.featureNames.map((name, k) => new Option(name, String(k))));
    select(id).value = String(axes[position]);
  });
}

async function startRun(): Promise<void> {
  box('message').textContent = '';
  let settings: Settings;
  try {
    settings = readSettings();
    assertTrainable(dataset);
  } catch (error) {
    showError(error);
    return;
  }
  stopRun();
  const current = new AbortController();
  run = current;
  trained = undefined;
  page.reset();
  page.setRunning(true);
  page.setCancellable(true);
  announce('Training started.');
  const startMs = performance.now();
  const seconds = (): number => (performance.now() - startMs) / 1000;
  try {
    await runSession(
      trainer,
      dataset,
      settings,
      {
        onProgress: (progress) => page.showProgress(progress, seconds()),
        onNetwork: (network) => page.showNetwork(network),
        onResult: (result) => {
          trained = { dataset, settings, result };
          page.showResult(result, seconds());
          page.setRunning(false);
          const { lowerBound, loss, network } = result;
          announce(`Done. ${asText(certificateSentence({ lowerBound, loss, width: network.width }, false))}`);
        },
        onAdam: (network, loss) => page.showAdam(network, loss, seconds()),
        onWidth: (width, loss) => page.showWidth(width, loss),
        onLambda: (answer) => page.showLambda(answer),
        onEnd: () => page.setCancellable(false),
      },
      current.signal,
    );
  } catch (error) {
    // A cancelled run has already said so.
    if (current.signal.aborted) return;
    stopRun();
    showError(error);
  }
}

async function loadCsv(file: File): Promise<void> {
  try {
    setDataset(parseCsv(await file.text(), file.name));
    announce(`${file.name}: ${dataset.X.length} rows, ${dataset.classNames.length} classes.`);
  } catch (error) {
    showError(error);
    if (!(error instanceof DatasetError)) throw error;
  }
}

function chooseSource(): void {
  const key = select('dataset').value;
  element('controls', HTMLFormElement).dataset.source = key;
  if (key === 'points') setDataset(EMPTY_DATASET);
  else if (key === 'csv') input('csv').value = '';
  else setDataset(builtInDataset(key, input('seed').valueAsNumber || 0) as Dataset);
}

initSettings();
watchTheme(button('theme'), () => {
  page.recolour();
  showClasses(dataset);
});
watchPlacing(canvas('plot-convex'), page.plot, (x, y) =>
  setDataset(withPoint(dataset, axes, x, y, chosenClass()), axes),
);
element('controls', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void startRun();
});
button('cancel').addEventListener('click', () => {
  stopRun();
  announce('Cancelled.');
  page.showCancelled();
});
select('dataset').addEventListener('change', chooseSource);
input('seed').addEventListener('change', () => {
  if (builtInDataset(select('dataset').value, 0)) chooseSource();
});
input('csv').addEventListener('change', () => {
  const file = input('csv').files?.[0];
  if (file) void loadCsv(file);
});
button('undo').addEventListener('click', () => setDataset(withoutLastPoint(dataset), axes));
button('clear').addEventListener('click', () => setDataset({ ...dataset, X: [], labels: [] }, axes));
for (const id of ['axis-x', 'axis-y']) {
  select(id).addEventListener('change', () => {
    axes = [Number(select('axis-x').value), Number(select('axis-y').value)];
    page.setDataset(dataset, axes);
  });
}
button('export-model').addEventListener('click', () => {
  if (trained) downloadModel(trained.result);
});
button('export-report').addEventListener('click', () => {
  if (trained) downloadReport({ ...trained, adamLoss: page.adamLoss, pictures: page.pictures });
});
chooseSource();
