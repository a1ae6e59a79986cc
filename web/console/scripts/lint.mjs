// The rules of the console's tree that a compiler does not check:
// features never import each other; layers point down; files and lines stay short; every message
// that the code names exists, and every message that exists is named.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = new URL('../src', import.meta.url).pathname;
const problems = [];
const walk = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
const files = walk(root).filter((path) => /\.(ts|tsx)$/.test(path));
const texts = new Map(files.map((path) => [relative(root, path), readFileSync(path, 'utf8')]));

// What each layer may import, besides itself.
const below = {
  api: [],
  rule: ['api', 'i18n'],
  i18n: ['api'],
  session: ['api', 'ui'],
  ui: ['api', 'app', 'i18n', 'session', 'rule'],
  features: ['api', 'i18n', 'rule', 'session', 'ui', 'app'],
  app: ['api', 'i18n', 'session', 'ui', 'pages', 'shell'],
  shell: ['api', 'app', 'i18n', 'session', 'ui', 'pages'],
  pages: ['api', 'app', 'features', 'i18n', 'rule', 'session', 'shell', 'ui'],
};
const most_lines = 300;
const longer_by_nature = /^(api\/schema\.d\.ts|i18n\/)/;

function check_imports(path, text) {
  const [layer, feature] = path.split('/');
  if (!below[layer]) return;
  for (const [, target] of text.matchAll(/from '@\/([^']+)'/g)) {
    const [to, to_feature] = target.split('/');
    if (layer === 'features' && to === 'features' && feature !== to_feature) {
      problems.push(
        `${path}: a feature imports the feature ${to_feature}; let a page compose them`,
      );
    } else if (to !== layer && !below[layer].includes(to)) {
      problems.push(`${path}: ${layer} may not import ${to}`);
    }
  }
}

function check_shape(path, text) {
  const lines = text.split('\n');
  if (lines.length > most_lines && !longer_by_nature.test(path)) {
    problems.push(`${path}: ${lines.length} lines, at most ${most_lines}`);
  }
  if (/\b(TODO|FIXME|XXX)\b/.test(text)) problems.push(`${path}: unfinished words`);
  if (path.startsWith('pages/') || path.includes('/components/')) {
    if (/\bfetch\(/.test(text)) problems.push(`${path}: a view that fetches by itself`);
  }
}

const keys_in = (folder) =>
  new Set(
    [...texts]
      .filter(([path]) => path.startsWith(`i18n/${folder}/`))
      .flatMap(([, text]) => [...text.matchAll(/^\s+'([\w.-]+)':/gm)].map((match) => match[1])),
  );

function check_messages() {
  const keys = keys_in('zh');
  const code = [...texts]
    .filter(([path]) => !/^i18n\/(zh|en)/.test(path))
    .map(([, text]) => text)
    .join('\n');
  const prefixes = [
    ...[...code.matchAll(/`([\w.-]+\.)\$\{/g)].map((match) => match[1]),
    ...[...code.matchAll(/label\(\s*'([\w.]+)'/g)].map((match) => `${match[1]}.`),
  ];
  for (const key of keys) {
    const named = code.includes(`'${key}'`) || prefixes.some((prefix) => key.startsWith(prefix));
    if (!named) problems.push(`the message ${key} is used nowhere`);
  }
}

for (const [path, text] of texts) {
  if (/\.test\.tsx?$/.test(path)) continue;
  check_imports(path, text);
  check_shape(path, text);
}
check_messages();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`${files.length} files in order`);
