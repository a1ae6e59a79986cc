export const people = {
  'people.keep': '存为人群',
  'people.export': '导出',
  'people.way': '存下谁',
  'people.way.fixed': '现在的这些人',
  'people.way.living': '始终是符合条件的人',
  'people.hint.fixed': '人群固定为此刻的这些人，以后不增不减；客户合并、注销时随之变化。',
  'people.hint.living': '人群存的是条件，每天更新：新符合的人会进来，不再符合的人会离开。',
  'people.note_fixed': '由「{question}」的「{people}」存成，截至 {when}',
  'people.note_living': '由「{question}」的「{people}」存成，按条件更新',
} as const;
