// Who counts as a user, a customer, transacting, loyal: each rule as a sentence, or in the builder.

import { Button } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import type { AcquisitionSteps, Vocabulary } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { names_of } from '@/rule/names';
import { sentence_of } from '@/rule/sentence';
import type { Rule } from '@/rule/types';
import { useVocabulary } from '@/rule/vocabulary';
import { RuleBuilder } from '@/ui/builder/builder';
import { useRuleEditor } from '@/ui/builder/editor';
import { DrawerForm } from '@/ui/drawer_form';
import { useSaveSteps, type StepRules } from '../api/acquisition';
import './acquisition.css';

type Step = keyof StepRules;
const steps: Step[] = ['user', 'customer', 'transacting', 'loyal'];

export function StepsDrawer({ known, close }: { known: AcquisitionSteps; close: () => void }) {
  const t = useT();
  const vocabulary = useVocabulary().data;
  const save = useSaveSteps();
  const [rules, set_rules] = useState<StepRules>(() => {
    const { user, customer, transacting, loyal } = known;
    return { user, customer, transacting, loyal };
  });
  const [opened, set_opened] = useState<Step | null>(null);
  const [incomplete, set_incomplete] = useState(0);
  return (
    <DrawerForm
      title={t('acquisition.steps')}
      width={760}
      may="edit_dictionary"
      saving={save}
      blocked={incomplete > 0 && t('acquisition.steps_incomplete')}
      save={() => save.mutate({ rules, version: known.version }, { onSuccess: close })}
      close={close}
    >
      <p className="soft">{t('acquisition.steps_text')}</p>
      {vocabulary && (
        <ol className="step-rules">
          {steps.map((step) => (
            <li key={step}>
              <h3>{t(`acquisition.step.${step}`)}</h3>
              {opened === step ? (
                <OpenRule
                  rule={rules[step] as Rule}
                  vocabulary={vocabulary}
                  change={(rule) => set_rules((now) => ({ ...now, [step]: rule }))}
                  report={set_incomplete}
                />
              ) : (
                <ClosedRule
                  rule={rules[step] as Rule}
                  vocabulary={vocabulary}
                  blocked={incomplete > 0}
                  open={() => set_opened(step)}
                />
              )}
            </li>
          ))}
        </ol>
      )}
    </DrawerForm>
  );
}

function ClosedRule(props: {
  rule: Rule;
  vocabulary: Vocabulary;
  blocked: boolean;
  open: () => void;
}) {
  const t = useT();
  const { language } = useLanguage();
  const names = names_of(props.vocabulary, language);
  return (
    <div className="row between top">
      <p className="soft">{sentence_of(props.rule, names, language)}</p>
      <Button size="small" disabled={props.blocked} onClick={props.open}>
        {t('stage.edit_rule')}
      </Button>
    </div>
  );
}

function OpenRule(props: {
  rule: Rule;
  vocabulary: Vocabulary;
  change: (rule: Rule) => void;
  report: (incomplete: number) => void;
}) {
  const { rule, vocabulary, change, report } = props;
  const editor = useRuleEditor(rule);
  const built = editor.built;
  const text = JSON.stringify(built.rule);
  useEffect(() => {
    if (text !== JSON.stringify(rule)) change(JSON.parse(text) as Rule);
    report(built.incomplete.length);
    // Only what the builder says moves the draft.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text, built.incomplete.length]);
  const removes = useMemo(() => new Map<string, number>(), []);
  return <RuleBuilder editor={editor} vocabulary={vocabulary} removes={removes} />;
}
