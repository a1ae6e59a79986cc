export const returns = {
  'returns.title': 'Campaign returns',
  'returns.lead':
    'What each campaign cost, what one customer acquired, activated or added by it cost, and what came back; every count opens to its customers.',
  'returns.period': 'Launched',
  'returns.costs': 'Cost per customer',
  'returns.acquired': 'Acquired',
  'returns.activated': 'Activated',
  'returns.incremental': 'Incremental',
  'returns.per_acquired': 'Per acquired',
  'returns.per_activated': 'Per activated',
  'returns.per_incremental': 'Per incremental',
  'returns.none': 'These campaigns have not won a customer yet.',
  'returns.left_out': 
    '{count, plural, one {# campaign launched earlier is} other {# campaigns launched earlier are}} not listed',
  'returns.empty': 'No campaign was launched in this time',
  'returns.empty_text': 'Choose a longer time; a campaign counts from the day of its launch.',
  'returns.text':
    'Acquired: no customer on entering, and one when the goal’s time ends. Activated: a customer who had done nothing for 30 days on entering and came back in the goal’s time. Incremental: beyond the control group, told once the difference is sure. One person may count for several campaigns, so people are not added up.',
};
