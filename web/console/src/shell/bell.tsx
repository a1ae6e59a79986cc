// What one is told: a bell with the number of unread notices, and the latest of them.

import { BellOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Badge, Button, Popover } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { get, post } from '@/api/client';
import type { Notice, Page } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { useFiguresText } from '@/ui/figures_text';
import { Empty, Loaded } from '@/ui/states';
import { ago } from '@/ui/times';

const key = ['notices'];
const watch_ms = 60_000;
const most_shown = 12;

function useNotices() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      get<Page<Notice> & { unread: number }>('/notices', { query: { limit: most_shown }, signal }),
    refetchInterval: watch_ms,
  });
}

// One notice, or all of them.
function useMarkRead() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string | null) => post<unknown>(id ? `/notices/${id}/read` : '/notices/read'),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
}

export function Bell() {
  const t = useT();
  const notices = useNotices();
  const [open, set_open] = useState(false);
  const unread = notices.data?.unread ?? 0;
  return (
    <Popover
      open={open}
      onOpenChange={set_open}
      trigger="click"
      placement="bottomRight"
      destroyOnHidden
      classNames={{ root: 'bell-popover' }}
      content={
        <div className="bell-list">
          <Loaded of={notices} rows={4}>
            {(data) => <List notices={data.items} unread={unread} close={() => set_open(false)} />}
          </Loaded>
        </div>
      }
    >
      <Button
        type="text"
        aria-label={t('notice.bell', { count: unread })}
        aria-expanded={open}
        icon={
          <Badge count={unread} size="small" overflowCount={99}>
            <BellOutlined />
          </Badge>
        }
      />
    </Popover>
  );
}

function List(props: { notices: Notice[]; unread: number; close: () => void }) {
  const t = useT();
  const mark = useMarkRead();
  const navigate = useNavigate();
  const { language } = useLanguage();
  const figures_text = useFiguresText();
  if (props.notices.length === 0)
    return <Empty mark="✓" title={t('notice.none')} text={t('notice.none_text')} />;
  const open = (notice: Notice) => {
    if (!notice.read) mark.mutate(notice.id);
    if (notice.link) void navigate(notice.link);
    props.close();
  };
  return (
    <>
      <div className="row between bell-head">
        <b>{t('notice.title')}</b>
        {props.unread > 0 && (
          <button type="button" className="link-button small" onClick={() => mark.mutate(null)}>
            {t('notice.read_all')}
          </button>
        )}
      </div>
      <ul>
        {props.notices.map((notice) => (
          <li key={notice.id}>
            <button type="button" className="bell-notice" onClick={() => open(notice)}>
              <span className={notice.read ? 'soft' : 'unread'}>
                {t('notice.alert', { title: notice.title })}
              </span>
              <span className="soft small">{figures_text(notice.figures)}</span>
              <span className="faint small">{ago(notice.at, language)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
