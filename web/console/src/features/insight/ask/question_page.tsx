// One question: its sentence, its answer, and the ways on: people, audience, board, link.

import { RedoOutlined, UndoOutlined } from '@ant-design/icons';
import { App, Button, Dropdown, Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { QuestionKind } from '@/api/question_types';
import type { Vocabulary } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import type { Rule } from '@/rule/types';
import { Act } from '@/ui/act';
import { Page, Panel } from '@/ui/page';
import { copy_text } from '@/ui/states';
import { ago } from '@/ui/times';
import { AlertDrawer } from '../alerts/alert_drawer';
import { QuestionAnswer } from '../answers/answer';
import { Tools, type AnswerTools } from '../answers/tools';
import { people_question } from '../api/people';
import { KeepPeople } from '../people/keep_people';
import type { OpenedPeople } from '../people/kept';
import { PeopleDrawer } from '../people/people_drawer';
import { is_split, is_whole } from '../question/draft';
import type { Example } from '../question/examples';
import { metric_name, parts_of, read_out } from '../question/sentence';
import { question_of, tile_chart } from '../question/tile';
import { useWords } from '../question/use_words';
import { useQuestionEditor, type QuestionEditor } from './editor';
import { SaveToBoard } from './save_to_board';
import { SentenceBar } from './sentence_bar';

type Props = {
  kind: QuestionKind;
  vocabulary: Vocabulary;
  examples: Example[];
  save_audience: (rule: Rule, name: string, note: string) => void;
  saving: boolean;
};

export function QuestionPage(props: Props) {
  const { kind, vocabulary, examples, save_audience, saving } = props;
  const t = useT();
  const words = useWords(vocabulary);
  const editor = useQuestionEditor(kind, vocabulary, examples);
  const { draft } = editor;
  const [people, set_people] = useState<OpenedPeople | null>(null);
  const [kept, set_kept] = useState<OpenedPeople | null>(null);
  const [boarding, set_boarding] = useState(false);
  const [watching, set_watching] = useState(false);
  const sentence = read_out(parts_of(draft, words), words.language);
  useUndoKeys(editor);
  const tools: AnswerTools = {
    words,
    small: false,
    saving,
    save_audience: (rule, name) =>
      save_audience(rule, name, t('question.audience_note', { question: sentence })),
    open_people: (selector, title, rule, name) =>
      set_people({ of: people_question(kind, draft.ask, selector), title, rule, name }),
    keep_people: (selector, title) =>
      set_kept({ of: people_question(kind, draft.ask, selector), title }),
  };
  return (
    <Page
      title={t(`question.kind.${kind}`)}
      crumb={<Link to="/insights/questions">{t('question.list')}</Link>}
      lead={t(`question.about.${kind}`)}
      actions={
        <>
          <UndoButtons editor={editor} />
          <Examples kind={kind} examples={examples} editor={editor} />
          <CopyLink />
          {draft.kind === 'metric' && (
            <Act
              may="edit_boards"
              blocked={
                is_split(draft.ask.by) || draft.ask.per === 'total'
                  ? t('alert.one_number')
                  : !is_whole(draft) && t('question.unfinished')
              }
              onClick={() => set_watching(true)}
            >
              {t('alert.watch')}
            </Act>
          )}
          <Act
            may="edit_boards"
            type="primary"
            blocked={!is_whole(draft) && t('question.unfinished')}
            onClick={() => set_boarding(true)}
          >
            {t('question.save_board')}
          </Act>
        </>
      }
    >
      <div className="stack">
        <Notice editor={editor} />
        <Panel>
          <SentenceBar draft={draft} edit={editor.edit} vocabulary={vocabulary} words={words} />
        </Panel>
        <Tools value={tools}>
          <QuestionAnswer draft={draft} />
        </Tools>
      </div>
      {people && (
        <PeopleDrawer opened={people} about={sentence} close={() => set_people(null)} />
      )}
      {kept && <KeepPeople opened={kept} about={sentence} close={() => set_kept(null)} />}
      {watching && draft.kind === 'metric' && (
        <AlertDrawer
          alert={null}
          metric={draft.ask}
          title={metric_name(draft.ask, words)}
          close={() => set_watching(false)}
        />
      )}
      {boarding && (
        <SaveToBoard
          question={question_of(draft)}
          chart={tile_chart(draft)}
          title={sentence}
          close={() => set_boarding(false)}
        />
      )}
    </Page>
  );
}

function useUndoKeys({ undo, redo }: QuestionEditor): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const in_field = event.target instanceof HTMLInputElement;
      if (in_field || !(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      if (key === 'z' && !event.shiftKey) undo();
      else if (key === 'y' || (key === 'z' && event.shiftKey)) redo();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [undo, redo]);
}

function UndoButtons({ editor }: { editor: QuestionEditor }) {
  const t = useT();
  return (
    <>
      <Tooltip title={`${t('question.undo')} Ctrl Z`}>
        <Button
          type="text"
          icon={<UndoOutlined />}
          aria-label={t('question.undo')}
          disabled={!editor.can_undo}
          onClick={editor.undo}
        />
      </Tooltip>
      <Tooltip title={`${t('question.redo')} Ctrl Shift Z`}>
        <Button
          type="text"
          icon={<RedoOutlined />}
          aria-label={t('question.redo')}
          disabled={!editor.can_redo}
          onClick={editor.redo}
        />
      </Tooltip>
    </>
  );
}

function Examples(props: { kind: QuestionKind; examples: Example[]; editor: QuestionEditor }) {
  const t = useT();
  const { language } = useLanguage();
  const examples = props.examples.filter((one) => one.draft.kind === props.kind);
  if (examples.length === 0) return null;
  const items = examples.map((one) => ({
    key: one.id,
    label: language === 'zh' ? one.title_zh : one.title,
  }));
  const ask = (id: string) => props.editor.edit(examples.find((one) => one.id === id)!.draft);
  return (
    <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => ask(key) }}>
      <Button>{t('question.examples')}</Button>
    </Dropdown>
  );
}

function CopyLink() {
  const t = useT();
  const { message } = App.useApp();
  const copy = async () => {
    await copy_text(window.location.href);
    void message.success(t('question.link_copied'));
  };
  return <Button onClick={() => void copy()}>{t('question.copy_link')}</Button>;
}

function Notice({ editor }: { editor: QuestionEditor }) {
  const t = useT();
  const { language } = useLanguage();
  const [shown, set_shown] = useState(true);
  if (!shown || editor.origin === 'link' || editor.origin === 'example') return null;
  if (editor.origin === 'bad_link')
    return (
      <div className="notice warn" role="status">
        {t('question.bad_link')}
      </div>
    );
  const restart = () => {
    editor.restart();
    set_shown(false);
  };
  return (
    <div className="notice info" role="status">
      <span className="grow">
        {t('question.draft_found', { when: ago(editor.kept_at!, language) })}
      </span>
      <button type="button" className="link-button" onClick={restart}>
        {t('question.draft_drop')}
      </button>
    </div>
  );
}
