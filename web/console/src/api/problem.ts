// An error as the server tells it (RFC 9457) or as the network failed.

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly request_id: string | null = null,
    readonly pointer: string | null = null,
  ) {
    super(detail || code);
    this.name = 'Problem';
  }

  get is_offline(): boolean {
    return this.status === 0;
  }
}

export async function problem_of(response: Response): Promise<Problem> {
  const header_id = response.headers.get('X-Request-Id');
  try {
    const body = (await response.json()) as Record<string, string | undefined>;
    return new Problem(
      response.status,
      body.code ?? `http.${response.status}`,
      body.detail ?? body.title ?? '',
      body.request_id ?? header_id,
      body.pointer ?? null,
    );
  } catch {
    return new Problem(response.status, `http.${response.status}`, '', header_id);
  }
}

export function as_problem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, 'network.failed', error instanceof Error ? error.message : String(error));
}
