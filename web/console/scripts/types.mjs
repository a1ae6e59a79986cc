// Makes src/api/schema.d.ts from openapi.json, the server's document. Runs before every check, test and
// build, so that the types are never older than the document.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import openapi_typescript, { astToString } from 'openapi-typescript';

const place = (path) => new URL(`../${path}`, import.meta.url);
const document = JSON.parse(readFileSync(place('openapi.json'), 'utf8'));
const made = astToString(await openapi_typescript(document, { defaultNonNullable: false }));
const text = `// Made by scripts/types.mjs from openapi.json.\n\n${made}`;
const target = place('src/api/schema.d.ts');
// An unchanged file keeps its time, so that nothing is built again for it.
if (!existsSync(target) || readFileSync(target, 'utf8') !== text) writeFileSync(target, text);
