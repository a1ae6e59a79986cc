// The moments of a schedule as its fields show them. The institution's zone is fixed at +08:00 in the
// fields; the server keeps the offset it is given.

const ahead_ms = 8 * 3_600_000;

export function as_local(at: string | undefined): string {
  const moment = at ? new Date(at).getTime() : Number.NaN;
  return Number.isNaN(moment) ? '' : new Date(moment + ahead_ms).toISOString().slice(0, 16);
}

export const as_instant = (local: string): string | undefined =>
  local ? `${local}:00+08:00` : undefined;
