// The kinds of question, each with its picture and with what a bank asks first.

import { Link } from 'react-router';
import type { QuestionKind } from '@/api/question_types';
import type { Vocabulary } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { Page } from '@/ui/page';
import { Empty } from '@/ui/states';
import { fragment_of } from '../question/address';
import { question_kinds } from '../question/draft';
import type { Example } from '../question/examples';
import '../answers/answers.css';

export function QuestionGallery(props: { vocabulary: Vocabulary; examples: Example[] }) {
  const t = useT();
  const { language } = useLanguage();
  const { vocabulary, examples } = props;
  return (
    <Page title={t('question.list')} lead={t('question.lead')}>
      {vocabulary.events.length === 0 && (
        <Empty title={t('question.none')} text={t('question.none_text')} />
      )}
      <div className="kinds">
        {question_kinds.map((kind) => (
          <section key={kind} className="kind" aria-labelledby={`kind-${kind}`}>
            <Picture kind={kind} />
            <h2 id={`kind-${kind}`}>
              <Link to={`/insights/questions/${kind}`}>{t(`question.kind.${kind}`)}</Link>
            </h2>
            <p>{t(`question.about.${kind}`)}</p>
            <ul>
              {examples
                .filter((one) => one.draft.kind === kind)
                .map((one) => (
                  <li key={one.id}>
                    <Link
                      to={`/insights/questions/${kind}${fragment_of(one.draft, vocabulary)}`}
                      data-example={one.id}
                    >
                      {language === 'zh' ? one.title_zh : one.title}
                    </Link>
                  </li>
                ))}
              {!examples.some((one) => one.draft.kind === kind) && (
                <li>
                  <Link to={`/insights/questions/${kind}`}>
                    {t('question.start', { kind: t(`question.kind.${kind}`) })}
                  </Link>
                </li>
              )}
            </ul>
          </section>
        ))}
      </div>
    </Page>
  );
}

const soft = { opacity: 0.28 };
const pictures: Record<QuestionKind, React.ReactNode> = {
  funnel: (
    <>
      <rect x="2" y="4" width="11" height="36" rx="1" />
      <rect x="16" y="14" width="11" height="26" rx="1" />
      <rect x="30" y="24" width="11" height="16" rx="1" />
      <rect x="44" y="32" width="10" height="8" rx="1" />
      <path d="M16 14V4h11v20h3V4h11v28h3V4h10v28" style={soft} fill="none" stroke="currentColor" />
    </>
  ),
  retention: [0, 1, 2, 3].map((row) =>
    Array.from({ length: 5 - row }, (_, k) => (
      <rect
        key={`${row}${k}`}
        x={2 + k * 10.5}
        y={4 + row * 9.5}
        width="9"
        height="8"
        rx="1"
        opacity={1 - k * 0.2}
      />
    )),
  ),
  metric: (
    <>
      <path
        d="M2 34l10-8 10 4 10-14 10 4 12-14"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.5"
      />
      <path
        d="M2 38l10-4 10 2 10-9 10 4 12-8"
        style={soft}
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeDasharray="3 3"
      />
    </>
  ),
  paths: (
    <>
      <path d="M6 4h12c12 0 12 4 24 4h12v10H42C30 18 30 20 18 20H6z" style={{ opacity: 0.45 }} />
      <path d="M6 22h12c12 0 12 8 24 8h12v10H42c-12 0-12-4-24-4H6z" style={soft} />
      <rect x="2" y="4" width="4" height="32" />
      <rect x="52" y="8" width="4" height="10" />
      <rect x="52" y="30" width="4" height="10" />
    </>
  ),
  lifecycle: [16, 20, 18, 24].map((height, i) => (
    <g key={i}>
      <rect x={3 + i * 13} y={28 - height} width="9" height={height * 0.6} opacity="0.55" />
      <rect x={3 + i * 13} y={28 - height * 0.4} width="9" height={height * 0.4} />
      <rect x={3 + i * 13} y="29" width="9" height={6 + (i % 2) * 5} style={soft} />
    </g>
  )),
  distribution: [8, 20, 34, 26, 14, 6].map((height, i) => (
    <rect key={i} x={3 + i * 8.6} y={40 - height} width="7" height={height} rx="1" />
  )),
  interval: (
    <>
      <circle cx="8" cy="22" r="5" />
      <circle cx="48" cy="22" r="5" style={{ opacity: 0.5 }} />
      <path d="M15 22h24m-6-5l6 5-6 5" fill="none" stroke="currentColor" strokeWidth="2" />
    </>
  ),
  attribution: [36, 26, 18, 10].map((width, i) => (
    <g key={i}>
      <rect x="3" y={3 + i * 10} width={width + 12} height="4" />
      <rect x="3" y={8 + i * 10} width={width} height="3" style={soft} />
    </g>
  )),
};

function Picture({ kind }: { kind: QuestionKind }) {
  return (
    <svg className="picture" viewBox="0 0 56 44" fill="currentColor" aria-hidden>
      {pictures[kind]}
    </svg>
  );
}
