// The Chinese messages; their keys are the keys of every language.

import { acquisition } from './zh/acquisition';
import { audience } from './zh/audience';
import { board } from './zh/board';
import { builder } from './zh/builder';
import { campaign } from './zh/campaign';
import { customer } from './zh/customer';
import { data } from './zh/data';
import { league } from './zh/league';
import { people } from './zh/people';
import { problems } from './zh/problems';
import { question } from './zh/question';
import { returns } from './zh/returns';
import { screen } from './zh/screen';
import { settings } from './zh/settings';
import { shell } from './zh/shell';
import { sql } from './zh/sql';
import { stage } from './zh/stage';
import { ui } from './zh/ui';
import { work } from './zh/work';

export const zh = {
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

export type MessageKey = keyof typeof zh;
