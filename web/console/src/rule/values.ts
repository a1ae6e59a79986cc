// Words for the codes that many banks use as values. Any other text is the bank's own and stays.

import type { Language } from '@/api/types';

const words: Record<Language, Record<string, string>> = {
  zh: {
    male: '男',
    female: '女',
    ordinary: '普通',
    gold: '金卡',
    platinum: '白金',
    diamond: '钻石',
    standard: '标准版',
    elder: '长辈版',
    branch: '网点',
    treated: '实验组',
    control: '对照组',
    partner_metro: '地铁联名',
    face: '人脸',
    fingerprint: '指纹',
    password: '密码',
    app: '手机银行',
    core: '核心系统',
    web: '网页',
    android: '安卓',
    ios: 'iOS',
    fund: '基金',
    deposit: '存款',
    loan: '贷款',
  },
  en: {
    male: 'Male',
    female: 'Female',
    ordinary: 'Ordinary',
    gold: 'Gold',
    platinum: 'Platinum',
    diamond: 'Diamond',
    standard: 'Standard',
    elder: 'Elder',
    branch: 'Branch',
    treated: 'Treated',
    control: 'Control',
    partner_metro: 'Metro partner',
    face: 'face',
    fingerprint: 'fingerprint',
    password: 'password',
    app: 'app',
    core: 'core system',
    web: 'web',
    android: 'Android',
    ios: 'iOS',
    fund: 'fund',
    deposit: 'deposit',
    loan: 'loan',
  },
};

export function value_word(value: string, language: Language): string {
  return Object.hasOwn(words[language], value) ? words[language][value]! : value;
}
