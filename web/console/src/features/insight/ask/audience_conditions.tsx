import { useEffect, useMemo } from 'react';
import type { Vocabulary } from '@/api/types';
import type { Rule } from '@/rule/types';
import { RuleBuilder } from '@/ui/builder/builder';
import { useRuleEditor } from '@/ui/builder/editor';

// Reports the rule while it is whole; null while a condition is still to be filled in.
export default function AudienceConditions(props: {
  first: Rule;
  vocabulary: Vocabulary;
  change: (rule: Rule | null) => void;
}) {
  const { change } = props;
  const editor = useRuleEditor(props.first);
  const { rule, incomplete } = editor.built;
  const is_whole = incomplete.length === 0;
  useEffect(() => change(is_whole ? rule : null), [change, rule, is_whole]);
  const removes = useMemo(() => new Map<string, number>(), []);
  return <RuleBuilder editor={editor} vocabulary={props.vocabulary} removes={removes} />;
}
