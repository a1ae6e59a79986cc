// The Chinese messages; their keys are the keys of every language.

import { audience } from './zh/audience';
import { board } from './zh/board';
import { builder } from './zh/builder';
import { campaign } from './zh/campaign';
import { customer } from './zh/customer';
import { data } from './zh/data';
import { problems } from './zh/problems';
import { question } from './zh/question';
import { settings } from './zh/settings';
import { shell } from './zh/shell';
import { ui } from './zh/ui';
import { work } from './zh/work';

export const zh = {
  ...audience,
  ...board,
  ...builder,
  ...campaign,
  ...customer,
  ...data,
  ...problems,
  ...question,
  ...settings,
  ...shell,
  ...ui,
  ...work,
};

export type MessageKey = keyof typeof zh;
