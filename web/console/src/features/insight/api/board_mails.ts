import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, patch, post, remove } from '@/api/client';
import type { BoardMail, BoardMailChange, Page } from '@/api/types';

const key_of = (board: string) => ['board-mails', board];

export function useBoardMails(board: string) {
  return useQuery({
    queryKey: key_of(board),
    queryFn: ({ signal }) => get<Page<BoardMail>>(`/boards/${board}/mails`, { signal }),
  });
}

export type MailDraft = Pick<BoardMailChange, 'recipients' | 'every' | 'at' | 'active'>;

const sending_ms = 120_000; // every question of the board is asked, and every message handed over

export function useMailActions(board: string) {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: key_of(board) });
  return {
    save: useMutation({
      mutationFn: ({ id, draft }: { id?: string; draft: MailDraft }) =>
        id
          ? patch<BoardMail>(`/board-mails/${id}`, { body: draft })
          : post<BoardMail>(`/boards/${board}/mails`, { body: draft }),
      onSettled,
    }),
    send: useMutation({
      mutationFn: (id: string) =>
        post<BoardMail>(`/board-mails/${id}/send`, { timeout_ms: sending_ms }),
      onSettled,
    }),
    drop: useMutation({ mutationFn: (id: string) => remove(`/board-mails/${id}`), onSettled }),
  };
}
