// What people call the things that a rule names.

import type { Language, Vocabulary } from '@/api/types';

type Nameable = { name: string; name_zh?: string; name_en?: string };

export type Names = {
  tag: (name: string) => string;
  event: (name: string) => string;
  property: (event: string, name: string) => string;
  audience: (id: string) => string;
  org: (code: string) => string;
  consent: (name: string) => string;
  identity: (kind: string) => string;
  score: (name: string) => string;
};

// A score is kept as a number tag "score:<name>".
export function scores_of(vocabulary: Vocabulary): Nameable[] {
  const prefix = 'score:';
  return vocabulary.tags
    .filter((tag) => tag.name.startsWith(prefix))
    .map((tag) => ({ ...tag, name: tag.name.slice(prefix.length) }));
}

export function names_of(vocabulary: Vocabulary | undefined, language: Language): Names {
  const called = (thing: Nameable) =>
    (language === 'zh' ? thing.name_zh : thing.name_en) || thing.name;
  const by_name = (things: Nameable[] = []) => {
    const labels = new Map(things.map((thing) => [thing.name, called(thing)]));
    return (name: string) => labels.get(name) ?? name;
  };
  const events = new Map(vocabulary?.events.map((event) => [event.name, event]));
  const audiences = new Map(vocabulary?.audiences.map((one) => [one.id, one.name]));
  const orgs = new Map(vocabulary?.orgs.map((org) => [org.code, org.name]));
  return {
    tag: by_name(vocabulary?.tags),
    event: by_name(vocabulary?.events),
    property: (event, name) => by_name(events.get(event)?.properties)(name),
    audience: (id) => audiences.get(id) ?? id,
    org: (code) => orgs.get(code) ?? code,
    consent: by_name(vocabulary?.consents),
    identity: by_name(vocabulary?.identities),
    score: by_name(vocabulary && scores_of(vocabulary)),
  };
}
