export const people = {
  'people.keep': 'Keep as audience',
  'people.export': 'Export',
  'people.way': 'Who is kept',
  'people.way.fixed': 'These people as they are now',
  'people.way.living': 'Always those who match',
  'people.hint.fixed':
    'The audience stays these people; nobody enters or leaves later, except where customers are merged or erased.',
  'people.hint.living':
    'The audience keeps the rule and is computed each day: who comes to match enters, who no longer does leaves.',
  'people.note_fixed': 'Kept from “{question}”: “{people}”, as of {when}',
  'people.note_living': 'Kept from “{question}”: “{people}”, by its rule',
} as const;
