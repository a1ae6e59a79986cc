import { useQuery } from '@tanstack/react-query';
import { post } from '@/api/client';
import type { Member, MetricAnswer, MetricQuestion, MetricSeries, Page } from '@/api/types';

export function useMetric(metric: MetricQuestion) {
  return useQuery({
    queryKey: ['metric', metric],
    queryFn: ({ signal }) => post<MetricAnswer>('/insights/metric', { body: metric, signal }),
    enabled: metric.event !== '' || metric.parts !== undefined,
    staleTime: 60_000,
  });
}

export type PointOfMetric = { metric: MetricQuestion; at?: string; group?: MetricSeries['group'] };

export function useMetricPeople(of: PointOfMetric) {
  return useQuery({
    queryKey: ['metric-people', of],
    queryFn: ({ signal }) => post<Page<Member>>('/insights/people', { body: of, signal }),
    gcTime: 0,
  });
}
