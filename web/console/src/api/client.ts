// The one way to the server: cookies, the CSRF header, idempotency keys, problems and deadlines.

import { Problem, problem_of } from './problem';

export type Query = Record<string, string | number | boolean | null | undefined>;
export type Options = {
  query?: Query;
  body?: unknown;
  raw?: { data: BodyInit; content_type: string };
  if_version?: number;
  key?: string; // the same key and body again have one effect; else each POST has a key of its own
  accept?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  timeout_ms?: number;
};

let csrf_token = '';
let on_signed_out: () => void = () => undefined;

export function set_csrf_token(token: string): void {
  csrf_token = token;
}

// Called when the server says that the session is over.
export function set_signed_out_handler(handler: () => void): void {
  on_signed_out = handler;
}

export function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return `/api/v1${path}${text ? `?${text}` : ''}`;
}

// crypto.randomUUID exists only on secure origins; a bank's test host may be plain HTTP.
export function fresh_key(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function headers_for(method: string, options: Options): Headers {
  const headers = new Headers({
    Accept: options.accept ?? 'application/json',
    ...options.headers,
  });
  if (options.raw) headers.set('Content-Type', options.raw.content_type);
  else if (options.body !== undefined) headers.set('Content-Type', 'application/json');
  if (method !== 'GET' && csrf_token) headers.set('X-CSRF-Token', csrf_token);
  if (method === 'POST') headers.set('Idempotency-Key', options.key ?? fresh_key());
  if (options.if_version !== undefined) headers.set('If-Match', `"${options.if_version}"`);
  return headers;
}

export async function send(method: string, path: string, options: Options = {}): Promise<Response> {
  const deadline = AbortSignal.timeout(options.timeout_ms ?? 30_000);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers: headers_for(method, options),
      body: options.raw?.data ?? (options.body === undefined ? null : JSON.stringify(options.body)),
      credentials: 'same-origin',
      signal,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Problem(0, deadline.aborted ? 'network.timeout' : 'network.failed', '');
  }
  if (response.ok) return response;
  if (response.status === 401 && path !== '/session') on_signed_out();
  throw await problem_of(response);
}

async function json<T>(method: string, path: string, options?: Options): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export const get = <T>(path: string, options?: Options) => json<T>('GET', path, options);
export const post = <T>(path: string, options?: Options) => json<T>('POST', path, options);
export const put = <T>(path: string, options?: Options) => json<T>('PUT', path, options);
export const patch = <T>(path: string, options?: Options) => json<T>('PATCH', path, options);
export const remove = <T>(path: string, options?: Options) => json<T>('DELETE', path, options);

// Hands a server answer to the person as a file.
export async function download(
  path: string,
  file_name: string,
  accept = 'text/csv',
): Promise<void> {
  const response = await fetch(address(path), {
    headers: { Accept: accept },
    credentials: 'same-origin',
  });
  if (!response.ok) throw await problem_of(response);
  await hand_over(response, file_name);
}

const whole_file_ms = 10 * 60_000;

// The same of what a question answers.
export async function download_answer(
  path: string,
  body: unknown,
  file_name: string,
): Promise<void> {
  const options = { body, accept: 'text/csv', timeout_ms: whole_file_ms };
  await hand_over(await send('POST', path, options), file_name);
}

async function hand_over(response: Response, file_name: string): Promise<void> {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = file_name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
