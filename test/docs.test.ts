/** The documentation as prose: lines that fit a window, numbers with a leading zero, links and sources that are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const LONGEST_LINE = 120;

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.startsWith('api'))
    .map((path) => join('docs', path)),
];

interface Line {
  readonly where: string;
  readonly text: string;
}

/** The lines that are prose or tables: no code. */
function proseOf(page: string): Line[] {
  let isCode = false;
  return readFileSync(join(root, page), 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      const isFence = text.trimStart().startsWith('```');
      if (isFence) isCode = !isCode;
      return isFence || isCode || text.startsWith('    ') ? [] : [{ where: `${page}:${index + 1}`, text }];
    });
}

const prose = pages.flatMap(proseOf);

test(`no line is longer than ${LONGEST_LINE} characters, except rows of tables`, () => {
  const long = prose.filter(({ text }) => text.length > LONGEST_LINE && !text.startsWith('|'));
  expect(long.map(({ where }) => where)).toEqual([]);
});

test('numbers have a leading zero', () => {
  const bare = prose.filter(({ text }) => /(^|[\s(±−/–<>≤≥=])\.\d/.test(text));
  expect(bare.map(({ where }) => where)).toEqual([]);
});

test('every link within the repository leads to a file', () => {
  const broken = prose.flatMap(({ where, text }) =>
    [...text.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
      .map(([, target]) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(root, dirname(where), target)))
      .map((target) => `${where} → ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every source file that is named by its path is there', () => {
  const gone = prose
    .filter(({ where }) => !where.startsWith('CHANGELOG'))
    .flatMap(({ where, text }) =>
      [...text.matchAll(/\b((?:src|test|assembly|paper|demo|bench|scripts)\/[\w/.-]*\.(?:ts|mjs))\b/g)]
        .map(([, path]) => path)
        .filter((path) => !existsSync(join(root, path)))
        .map((path) => `${where} → ${path}`),
    );
  expect(gone).toEqual([]);
});

test('every public name of the main entry is on its page, and no other', () => {
  const entry = readFileSync(join(root, 'src/index.ts'), 'utf8');
  const names = [...entry.matchAll(/export (?:type )?\{([^}]*)\}/g)]
    .flatMap(([, list]) => list.split(','))
    .map((name) => name.replace(/^\s*type\s/, '').trim())
    .filter((name) => name !== '');
  const page = readFileSync(join(root, 'docs/reference.md'), 'utf8');
  const named = new Set([...page.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(names.filter((name) => !named.has(name))).toEqual([]);
  // Options and fields in running text begin with a small letter and are none of the library's functions.
  const types = [...named].filter((name) => /^[A-Z]/.test(name) && !names.includes(name));
  expect(types).toEqual([]);
});
