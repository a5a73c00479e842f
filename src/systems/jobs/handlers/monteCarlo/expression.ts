/** Arithmetic expressions over named variables: no names are looked up anywhere but in the list that is given. */

/** The value of an expression for values of its variables, in the order in which they were named. */
export type Expression = (values: ArrayLike<number>) => number;

/** What is wrong with an expression, and at which character. */
export class ExpressionFault extends Error {
  override readonly name = "ExpressionFault";
}

const MAX_CHARACTERS = 1000;
const MAX_DEPTH = 50;

const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };
const FUNCTIONS: Readonly<Record<string, { arguments: number; apply: (...values: number[]) => number }>> = {
  abs: { arguments: 1, apply: Math.abs },
  sqrt: { arguments: 1, apply: Math.sqrt },
  exp: { arguments: 1, apply: Math.exp },
  log: { arguments: 1, apply: Math.log },
  sin: { arguments: 1, apply: Math.sin },
  cos: { arguments: 1, apply: Math.cos },
  floor: { arguments: 1, apply: Math.floor },
  min: { arguments: 2, apply: Math.min },
  max: { arguments: 2, apply: Math.max },
};
const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
};

const TOKEN = /\s*(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|[A-Za-z_]\w*|[-+*/^(),])/giy;

/** Reads `2 * price + min(a, b) ^ 0.5`. @throws ExpressionFault */
export function parseExpression(text: string, variables: readonly string[]): Expression {
  if (text.length > MAX_CHARACTERS) throw new ExpressionFault(`it has more than ${MAX_CHARACTERS} characters`);
  const parser = new Parser(tokensOf(text), variables);
  const expression = parser.sum(0);
  parser.expectEnd();
  return expression;
}

interface Token {
  text: string;
  at: number;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    tokens.push({ text: match[1]!, at: TOKEN.lastIndex - match[1]!.length + 1 });
    end = TOKEN.lastIndex;
  }
  const rest = text.slice(end).trimStart();
  if (rest !== "") throw new ExpressionFault(`${JSON.stringify(rest[0])} is not understood`);
  return tokens;
}

/** Recursive descent: sum, product, sign, power, atom. */
class Parser {
  readonly #tokens: readonly Token[];
  readonly #variables: readonly string[];
  #next = 0;

  constructor(tokens: readonly Token[], variables: readonly string[]) {
    this.#tokens = tokens;
    this.#variables = variables;
  }

  sum(depth: number): Expression {
    return this.#chain(["+", "-"], () => this.#product(depth));
  }

  expectEnd(): void {
    const token = this.#tokens[this.#next];
    if (token !== undefined) throw new ExpressionFault(`${token.text} at character ${token.at} was not expected`);
  }

  #product(depth: number): Expression {
    return this.#chain(["*", "/"], () => this.#signed(depth));
  }

  #signed(depth: number): Expression {
    if (this.#take("-") === undefined) return this.#power(depth);
    const inner = this.#signed(this.#deeper(depth));
    return (values) => -inner(values);
  }

  /** From the right: 2 ^ 3 ^ 2 is 2 ^ 9. */
  #power(depth: number): Expression {
    const base = this.#atom(depth);
    if (this.#take("^") === undefined) return base;
    const exponent = this.#signed(this.#deeper(depth));
    return (values) => base(values) ** exponent(values);
  }

  #atom(depth: number): Expression {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw new ExpressionFault("it ends where a value was expected");
    if (token.text === "(") {
      const inner = this.sum(this.#deeper(depth));
      this.#expect(")");
      return inner;
    }
    if (/^[\d.]/.test(token.text)) {
      const value = Number(token.text);
      return () => value;
    }
    return this.#named(token, depth);
  }

  #named({ text, at }: Token, depth: number): Expression {
    const place = this.#variables.indexOf(text);
    if (place >= 0) return (values) => values[place]!;
    if (Object.hasOwn(CONSTANTS, text)) {
      const value = CONSTANTS[text]!;
      return () => value;
    }
    if (!Object.hasOwn(FUNCTIONS, text)) {
      throw new ExpressionFault(`${text} at character ${at} is no variable and no function`);
    }
    const known = FUNCTIONS[text]!;
    this.#expect("(");
    const given: Expression[] = [];
    do given.push(this.sum(this.#deeper(depth)));
    while (this.#take(",") !== undefined);
    this.#expect(")");
    if (given.length !== known.arguments) {
      throw new ExpressionFault(`${text} takes ${known.arguments} values, got ${given.length}`);
    }
    return (values) => known.apply(...given.map((one) => one(values)));
  }

  #chain(operators: readonly string[], part: () => Expression): Expression {
    let left = part();
    for (let operator = this.#take(...operators); operator !== undefined; operator = this.#take(...operators)) {
      const [first, second, apply] = [left, part(), OPERATIONS[operator]!];
      left = (values) => apply(first(values), second(values));
    }
    return left;
  }

  #take(...texts: readonly string[]): string | undefined {
    const token = this.#tokens[this.#next];
    if (token === undefined || !texts.includes(token.text)) return undefined;
    this.#next += 1;
    return token.text;
  }

  #expect(text: string): void {
    if (this.#take(text) !== undefined) return;
    const token = this.#tokens[this.#next];
    throw new ExpressionFault(
      `${text} was expected${token === undefined ? " at the end" : ` at character ${token.at}`}`,
    );
  }

  #deeper(depth: number): number {
    if (depth < MAX_DEPTH) return depth + 1;
    throw new ExpressionFault(`it is nested deeper than ${MAX_DEPTH} levels`);
  }
}
