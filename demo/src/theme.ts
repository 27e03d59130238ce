/** Colours: CSS variables for lines and text, fixed colour-blind-safe hues for classes; the light–dark switch. */

/** One per class, in light and dark (Okabe and Ito's palette, adjusted for contrast). */
const CLASS_COLOURS: readonly (readonly [string, string])[] = [
  ['#2f6fd0', '#6aa5ff'],
  ['#e07a1f', '#ffa64d'],
  ['#12977c', '#3fd0ae'],
  ['#b0468f', '#ec8bcd'],
  ['#8a7a00', '#e0cf4a'],
  ['#5d6472', '#aab2c4'],
];

export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

export const classColour = (label: number): string => CLASS_COLOURS[label % CLASS_COLOURS.length][isDark() ? 1 : 0];

/** Colours asked for since the theme was chosen: looking one up makes the browser compute styles. */
const usedColours = new Map<string, string>();

/** The used value of a colour variable such as `--loss`; a probe, because a variable itself may hold `light-dark(…)`. */
export function themeColour(variable: string): string {
  const known = usedColours.get(variable);
  if (known) return known;
  const probe = document.createElement('i');
  probe.style.color = `var(${variable})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  usedColours.set(variable, color);
  return color;
}

/** Red, green, blue of a `#rrggbb` colour. */
export const rgb = (hex: string): readonly [number, number, number] => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];

/** Switches on click, remembers the choice, and calls `onChange` then and when the system changes. */
export function watchTheme(button: HTMLElement, onChange: () => void): void {
  const forget = (): void => {
    usedColours.clear();
    onChange();
  };
  button.addEventListener('click', () => {
    const next = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    localStorage.setItem('theme', next);
    forget();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', forget);
}
