import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post } from '@/api/client';
import type { ImportFormat, ImportMapping, ImportPreview, ImportRow, Job, Page } from '@/api/types';

const imports_key = ['imports'];
const preview_bytes = 64 * 1024;
const upload_ms = 30 * 60_000;

export function useImports() {
  return useQuery({
    queryKey: imports_key,
    queryFn: ({ signal }) => get<Page<ImportRow>>('/imports', { query: { limit: 100 }, signal }),
    refetchInterval: (query) =>
      query.state.data?.items.some((row) => ['waiting', 'running'].includes(row.status))
        ? 2000
        : false,
  });
}

export function format_of(file: File): ImportFormat {
  if (/\.(ndjson|jsonl)$/i.test(file.name)) return 'ndjson';
  return /\.parquet$/i.test(file.name) ? 'parquet' : 'csv';
}

const type_of: Record<ImportFormat, string> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};

export function usePreviewImport() {
  return useMutation({
    mutationFn: (file: File) => {
      const format = format_of(file);
      // Parquet keeps its description at the end, so a first piece of it says nothing.
      const head = format === 'parquet' ? file : file.slice(0, preview_bytes);
      return post<ImportPreview>('/imports/preview', {
        query: { format },
        raw: { data: head, content_type: type_of[format] },
      });
    },
  });
}

export type ImportInput = { file: File; name: string; mapping: ImportMapping };

export function useStartImport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ file, name, mapping }: ImportInput) =>
      post<{ id: string; job: Job }>('/imports', {
        query: { name, mapping: JSON.stringify(mapping), format: format_of(file) },
        raw: { data: file, content_type: type_of[format_of(file)] },
        timeout_ms: upload_ms,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: imports_key }),
  });
}
