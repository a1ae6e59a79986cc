// The formula of a metric, checked while it is typed: the same grammar as the server's
// (src/insight/metric_formula.hpp), which stays the one that counts.

export type FormulaFault = {
  what: 'operand' | 'operator' | 'closing' | 'part' | 'digit' | 'long' | 'deep' | 'none';
  at: number; // the character, from 1; one past the last: the end
  part?: string;
};

const most_characters = 400;
const most_depth = 32;
const most_digits = 15;

const same_sign: Record<string, string> = { '×': '*', '÷': '/', '−': '-', '（': '(', '）': ')' };

class Reader {
  private at = 0;
  private names_a_part = false;
  private readonly characters: string[];

  constructor(
    text: string,
    private readonly parts: number,
  ) {
    this.characters = [...text];
  }

  read(): void {
    this.expression(0);
    if (this.sign() !== '') this.fail('operator');
    if (!this.names_a_part) this.fail('none');
  }

  private fail(what: FormulaFault['what'], part?: string): never {
    throw { what, at: this.at + 1, part } satisfies FormulaFault;
  }

  // The next character that is no blank; '' at the end.
  private sign(): string {
    while (this.characters[this.at] === ' ') this.at += 1;
    const found = this.characters[this.at] ?? '';
    return same_sign[found] ?? found;
  }

  private expression(depth: number): void {
    this.term(depth);
    while (this.sign() === '+' || this.sign() === '-') {
      this.at += 1;
      this.term(depth);
    }
  }

  private term(depth: number): void {
    this.factor(depth);
    while (this.sign() === '*' || this.sign() === '/') {
      this.at += 1;
      this.factor(depth);
    }
  }

  private factor(depth: number): void {
    const sign = this.sign();
    if (depth > most_depth) this.fail('deep');
    if (/^\d$/.test(sign)) return this.number();
    if (/^[A-Z]$/.test(sign)) {
      if (sign.charCodeAt(0) - 65 >= this.parts) this.fail('part', sign);
      this.names_a_part = true;
      this.at += 1;
      return;
    }
    if (sign !== '-' && sign !== '(') this.fail('operand');
    this.at += 1;
    if (sign === '-') return this.factor(depth + 1);
    this.expression(depth + 1);
    if (this.sign() !== ')') this.fail('closing');
    this.at += 1;
  }

  private digits(): number {
    const from = this.at;
    while (/^\d$/.test(this.characters[this.at] ?? '')) this.at += 1;
    return this.at - from;
  }

  private number(): void {
    const begin = this.at;
    let digits = this.digits();
    if (this.characters[this.at] === '.') {
      this.at += 1;
      const places = this.digits();
      if (places === 0) this.fail('digit');
      digits += places;
    }
    if (digits > most_digits) {
      this.at = begin;
      this.fail('long');
    }
  }
}

export function fault_of(formula: string, parts: number): FormulaFault | null {
  if (formula.length > most_characters) return { what: 'long', at: most_characters };
  try {
    new Reader(formula, parts).read();
    return null;
  } catch (fault) {
    return fault as FormulaFault;
  }
}

export const letter_of = (part: number): string => String.fromCharCode(65 + part);

// The formula after a part was taken away: later letters move up; what named the part itself begins
// anew with the first part.
export function without_part(formula: string, part: number): string {
  const gone = letter_of(part);
  if (formula.includes(gone)) return 'A';
  return formula.replace(/[A-Z]/g, (letter) =>
    letter > gone ? String.fromCharCode(letter.charCodeAt(0) - 1) : letter,
  );
}
