// What came after (or before) an event, as a Sankey diagram and as the most frequent ways.

import { useMemo } from 'react';
import type { PathsAnswer } from '@/api/question_types';
import { useT } from '@/i18n';
import { FlowChart } from '@/ui/chart';
import { exact_number, percent } from '@/ui/numbers';
import { useNarrow } from '@/ui/show';
import { backward, type DraftOf } from '../question/draft';
import { flow_of, flow_height, part_of, type Picked } from '../question/flow';
import { event_name, type Words } from '../question/sentence';
import { FiguresTable, OpenNumber } from './figures_table';
import { useTools } from './tools';

type Props = { draft: DraftOf<'paths'>; answer: PathsAnswer };

export function PathsAnswerView({ draft, answer }: Props) {
  const t = useT();
  const narrow = useNarrow();
  const { words, small, open_people } = useTools();
  const back = backward(draft);
  const drawn = useMemo(() => {
    const flow = flow_of(answer.links, back);
    const ended = t(back ? 'question.began' : 'question.ended');
    const name = (event: string | null) => (event === null ? ended : event_name(event, words));
    return {
      flows: flow.flows,
      nodes: flow.nodes.map((node) => ({
        ...node,
        name: name(node.event),
        quiet: node.event === null || node.event === '$other',
      })),
    };
  }, [answer.links, back, words, t]);
  const open = (picked: Picked, way: string, count: number) => {
    const part = part_of(picked, drawn.nodes, back);
    if (part) open_people(part, t('question.path_times', { way, count: exact(count) }), null, way);
  };
  const exact = (count: number) => exact_number(count, words.language);
  const parts = drawn_parts(drawn);
  const pick = (picked: Picked) => {
    const key = JSON.stringify(picked);
    const part = parts.find((one) => JSON.stringify(one.picked) === key);
    if (part) open(picked, part.way, part.count);
  };
  return (
    <div className="stack">
      {!small && (
        <p className="soft">
          {t('question.starts', {
            count: answer.starts.toLocaleString('en'),
            people: answer.people.toLocaleString('en'),
          })}
          {' · '}
          {t('question.counts_times')}
        </p>
      )}
      <FlowChart
        {...drawn}
        label={t('question.chart.paths')}
        height={small ? '100%' : flow_height(drawn.nodes, narrow)}
        fit={small}
        on_pick={pick}
      />
      {!small && (
        <FiguresTable
          label={t('question.chart.paths')}
          head={[t('question.path'), t('question.rows')]}
          rows={parts.map(({ picked, way, count }) => ({
            key: JSON.stringify(picked),
            cells: [
              way,
              <OpenNumber
                key="n"
                value={count}
                label={`${way}: ${count}`}
                open={() => open(picked, way, count)}
              />,
            ],
          }))}
        />
      )}
      {!small && <TopPaths answer={answer} />}
    </div>
  );
}

type Drawn = {
  nodes: { id: string; depth: number; name: string; count: number }[];
  flows: { source: string; target: string; count: number }[];
};

// Every node and then every link of the drawing, column by column, with what it is called.
function drawn_parts({ nodes, flows }: Drawn): { picked: Picked; way: string; count: number }[] {
  const by_id = new Map(nodes.map((node) => [node.id, node]));
  const column = (id: string) => by_id.get(id)?.depth ?? 0;
  const name = (id: string) => `${column(id) + 1}. ${by_id.get(id)?.name ?? ''}`;
  return [
    ...[...nodes]
      .sort((a, b) => a.depth - b.depth || b.count - a.count)
      .map(({ id, count }) => ({ picked: { node: id }, way: name(id), count })),
    ...[...flows]
      .sort((a, b) => column(a.source) - column(b.source) || b.count - a.count)
      .map(({ source, target, count }) => ({
        picked: { source, target },
        way: `${name(source)} → ${name(target)}`,
        count,
      })),
  ];
}

function ways(events: string[], words: Words): string {
  return events.map((event) => event_name(event, words)).join(' → ');
}

function TopPaths({ answer }: { answer: PathsAnswer }) {
  const t = useT();
  const { words, open_people } = useTools();
  const top = Math.max(...answer.paths.map((one) => one.count), 1);
  return (
    <figure>
      <figcaption>{t('question.chart.top_paths')}</figcaption>
      <ol className="top-paths">
        {answer.paths.map((one) => {
          const way = ways(one.events, words);
          const share = answer.starts ? one.count / answer.starts : 0;
          return (
            <li key={one.events.join('>')}>
              <span className="way">
                <Way events={one.events} />
                <i className="fill" style={{ width: `${(one.count / top) * 100}%` }} aria-hidden />
              </span>
              <span className="nowrap">
                <OpenNumber
                  value={one.count}
                  label={`${way}: ${one.count}`}
                  open={() =>
                    open_people(
                      { events: one.events },
                      t('question.path_times', {
                        way,
                        count: exact_number(one.count, words.language),
                      }),
                      null,
                      way,
                    )
                  }
                />{' '}
                <span className="soft small">{percent(share, words.language)}</span>
              </span>
            </li>
          );
        })}
      </ol>
      {answer.left_out > 0 && (
        <p className="soft small">{t('question.left_out', { count: answer.left_out })}</p>
      )}
    </figure>
  );
}

function Way({ events }: { events: string[] }) {
  const { words } = useTools();
  return events.map((event, i) => (
    <span key={i} className="leg">
      {i > 0 && <span className="faint">→ </span>}
      {event_name(event, words)}
    </span>
  ));
}
