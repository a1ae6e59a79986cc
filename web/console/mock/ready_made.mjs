// The ready-made questions, read from the server's own source: there is one list of them.

import { readFileSync } from 'node:fs';

const source = new URL('../../../src/insight/ready_made_questions.cpp', import.meta.url);
const [, text] = readFileSync(source, 'utf8').match(/R"json\((.*?)\)json"/s);
export const ready_made = JSON.parse(text);
