import { useQuery } from '@tanstack/react-query';
import { get } from './client';
import type { Job } from './types';

const watch_ms = 700;
const ended = ['done', 'failed', 'cancelled'];

export const is_ended = (job: Job | undefined) => job !== undefined && ended.includes(job.status);

// Follows a job until it ends.
export function useJob(id: string | null) {
  return useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => get<Job>(`/jobs/${id}`, { signal }),
    enabled: id !== null,
    refetchInterval: (query) => (is_ended(query.state.data) ? false : watch_ms),
  });
}
