// The English messages.

import { acquisition } from './en/acquisition';
import { audience } from './en/audience';
import { board } from './en/board';
import { builder } from './en/builder';
import { campaign } from './en/campaign';
import { customer } from './en/customer';
import { data } from './en/data';
import { league } from './en/league';
import { people } from './en/people';
import { problems } from './en/problems';
import { question } from './en/question';
import { returns } from './en/returns';
import { screen } from './en/screen';
import { settings } from './en/settings';
import { shell } from './en/shell';
import { sql } from './en/sql';
import { stage } from './en/stage';
import { ui } from './en/ui';
import { work } from './en/work';
import type { MessageKey } from './zh';

export const en: Record<MessageKey, string> = {
  ...acquisition,
  ...audience,
  ...board,
  ...builder,
  ...campaign,
  ...customer,
  ...data,
  ...league,
  ...people,
  ...problems,
  ...question,
  ...returns,
  ...screen,
  ...settings,
  ...shell,
  ...sql,
  ...stage,
  ...ui,
  ...work,
};
