// Serves the built console beside the mock's API, as the real server does.

import { existsSync, readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';

const dist = new URL('../dist', import.meta.url).pathname;
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export function serve_static(url, response) {
  const wanted = normalize(url.pathname);
  const path = extname(wanted) ? join(dist, wanted) : join(dist, 'index.html');
  if (!path.startsWith(dist) || !existsSync(path)) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream');
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
  );
  response.end(readFileSync(path));
}
