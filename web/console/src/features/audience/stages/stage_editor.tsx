// One stage of a model: its name, and its rule as a sentence or, while it is open, in the builder.

import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useEffect, useMemo } from 'react';
import type { NewStage, Vocabulary } from '@/api/types';
import { useLanguage, useOwnText, useT } from '@/i18n';
import { names_of } from '@/rule/names';
import { sentence_of } from '@/rule/sentence';
import type { Rule } from '@/rule/types';
import { RuleBuilder } from '@/ui/builder/builder';
import { useRuleEditor } from '@/ui/builder/editor';
import './stages.css';

type Props = {
  stage: NewStage;
  place: number; // from 1, the lowest
  is_open: boolean;
  is_lowest: boolean;
  is_highest: boolean;
  vocabulary: Vocabulary;
  open: () => void;
  change: (part: Partial<NewStage>, mark: string) => void;
  move: (by: 1 | -1) => void;
  remove: () => void;
  report: (incomplete: number) => void;
};

export function StageEditor(props: Props) {
  const t = useT();
  const own = useOwnText();
  const { stage, place } = props;
  const id = `stage-name-${stage.key}`;
  const named = own(stage.name) || t('stage.place', { place });
  return (
    <li className="stage">
      <div className="stage-head">
        <span className="stage-place" aria-hidden>
          {place}
        </span>
        <Input
          id={id}
          aria-label={t('stage.name_of', { place })}
          placeholder={t('stage.name_hint')}
          value={stage.name}
          maxLength={80}
          onChange={(event) => props.change({ name: event.target.value }, `name ${stage.key}`)}
        />
        <span className="row">
          <Button
            type="text"
            icon={<ArrowUpOutlined />}
            aria-label={t('stage.up', { name: named })}
            disabled={props.is_highest}
            onClick={() => props.move(1)}
          />
          <Button
            type="text"
            icon={<ArrowDownOutlined />}
            aria-label={t('stage.down', { name: named })}
            disabled={props.is_lowest}
            onClick={() => props.move(-1)}
          />
          <Button
            type="text"
            danger
            icon={<DeleteOutlined />}
            aria-label={t('stage.remove_stage', { name: named })}
            onClick={props.remove}
          />
        </span>
      </div>
      {props.is_open ? <OpenRule {...props} /> : <ClosedRule {...props} />}
    </li>
  );
}

function ClosedRule({ stage, vocabulary, open }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const sentence = sentence_of(stage.rule, names_of(vocabulary, language), language);
  return (
    <div className="row between top">
      <p className="soft">{sentence}</p>
      <Button size="small" onClick={open}>
        {t('stage.edit_rule')}
      </Button>
    </div>
  );
}

function OpenRule({ stage, vocabulary, change, report }: Props) {
  const editor = useRuleEditor(stage.rule);
  const { rule, incomplete } = editor.built;
  const text = JSON.stringify(rule);
  useEffect(() => {
    if (text !== JSON.stringify(stage.rule))
      change({ rule: JSON.parse(text) as Rule }, `rule ${stage.key}`);
    report(incomplete.length);
    // Only what the builder says moves the draft; the draft moves the builder by its key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text, incomplete.length]);
  const removes = useMemo(() => new Map<string, number>(), []);
  return <RuleBuilder editor={editor} vocabulary={vocabulary} removes={removes} />;
}
