// Writes a .gz beside every built file worth it, so that the server sends them as they are, and
// refuses a build whose first load is over its budget.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist', import.meta.url).pathname;
const budget = 400_000;
const worth = /\.(js|css|html|svg|json)$/;

const files = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });

const sizes = new Map();
for (const path of files(dist)) {
  if (!worth.test(path)) continue;
  const packed = gzipSync(readFileSync(path), { level: 9 });
  writeFileSync(`${path}.gz`, packed);
  sizes.set(path.slice(dist.length + 1), packed.length);
}

// What the browser fetches for the first page: the document, its scripts and styles, everything they
// import statically, and the chunks of one language, of the frame and of the Today page.
const text_of = (name) =>
  existsSync(join(dist, name)) ? readFileSync(join(dist, name), 'utf8') : '';
const first = new Set();
function take(name) {
  if (first.has(name) || !sizes.has(name)) return;
  first.add(name);
  if (!name.endsWith('.js')) return;
  const code = text_of(name);
  for (const match of code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
    take(`assets/${match[1]}`);
}
take('index.html');
for (const match of text_of('index.html').matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g))
  take(match[1]);
for (const name of sizes.keys()) {
  if (/^assets\/(zh|signed-in|today)-[\w-]+\.(js|css)$/.test(name)) take(name);
}
const total = [...first].reduce((sum, name) => sum + sizes.get(name), 0);
for (const name of [...first].sort((a, b) => sizes.get(b) - sizes.get(a)).slice(0, 8)) {
  console.log(`${(sizes.get(name) / 1000).toFixed(1).padStart(8)} kB  ${name}`);
}
console.log(
  `first load ${(total / 1000).toFixed(0)} kB gzipped in ${first.size} files (budget ${budget / 1000} kB)`,
);
if (total > budget) {
  console.error('The first load is over its budget: make a part of it lazy.');
  process.exit(1);
}
