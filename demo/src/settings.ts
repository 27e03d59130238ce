/** The training settings: read from the form, checked before anything starts. */
import type { TrainOptions } from 'convex-relu';
import { box, element, input, select } from './dom.js';

type RoundingName = Extract<TrainOptions['rounding'], string>;

export interface Settings {
  readonly reg: number;
  readonly bias: boolean;
  readonly tolerance: number;
  /** Most neurons the network may have; undefined for no limit. */
  readonly maxWidth: number | undefined;
  readonly rounding: RoundingName;
  readonly seed: number;
}

/** A setting that cannot be used, in words for the page. */
export class SettingsError extends Error {
  readonly field: HTMLInputElement;
  constructor(field: HTMLInputElement, message: string) {
    super(message);
    this.field = field;
  }
}

/** @throws SettingsError naming the field and what would work */
export function readSettings(): Settings {
  return {
    reg: readReg(),
    bias: input('bias').checked,
    tolerance: Number(select('tolerance').value),
    maxWidth: input('width').value === '' ? undefined : readWhole('width', 'Width limit'),
    rounding: select('rounding').value as RoundingName,
    seed: readWhole('seed', 'Seed'),
  };
}

/** The slider holds the exponent of ten. */
const readReg = (): number => Number((10 ** Number(input('reg').value)).toPrecision(2));

function readWhole(id: string, name: string): number {
  const field = input(id);
  const value = field.valueAsNumber;
  const [low, high] = [Number(field.min), Number(field.max)];
  const isFine = Number.isInteger(value) && value >= low && value <= high;
  field.setAttribute('aria-invalid', String(!isFine));
  if (!isFine) throw new SettingsError(field, `${name}: expected a whole number from ${low} to ${high}.`);
  return value;
}

/** Keeps the figure beside the slider true, and opens the settings where there is room. */
export function initSettings(): void {
  const showReg = (): void => {
    box('reg-value').textContent = String(readReg());
  };
  input('reg').addEventListener('input', showReg);
  showReg();
  const wide = matchMedia('(min-width: 960px)');
  const open = (): void => {
    element('settings', HTMLDetailsElement).open = wide.matches;
  };
  wide.addEventListener('change', open);
  open();
}
