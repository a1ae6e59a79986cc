export const returns = {
  'returns.title': '活动收益',
  'returns.lead': '每个活动花了多少钱，每获得、激活或多带来一位客户花多少，带回多少；每个人数都能点到背后的客户。',
  'returns.period': '启动时间',
  'returns.costs': '每位客户的费用',
  'returns.acquired': '获客',
  'returns.activated': '激活',
  'returns.incremental': '增量客户',
  'returns.per_acquired': '每位获客',
  'returns.per_activated': '每位激活',
  'returns.per_incremental': '每位增量客户',
  'returns.none': '这些活动还没有带来客户。',
  'returns.left_out': '另有 {count} 个更早启动的活动未列出',
  'returns.empty': '这段时间没有启动活动',
  'returns.empty_text': '选一段更长的时间；活动在启动那天算起。',
  'returns.text':
    '获客：进入活动时还不是客户、到目标期结束已经是客户的人。激活：进入前 30 天没有任何行为、在目标期内又来了的客户。增量：超出对照组的人，要等差别确定才有数。同一个人可能被几个活动算到，所以人数不能相加。',
};
