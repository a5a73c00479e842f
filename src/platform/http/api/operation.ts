import type { z } from "zod";

/**
 * What the API document says of one operation. Its handler reads and answers by the same schemas, and examples stand in
 * them (`.meta({ examples: [...] })`).
 */
export interface Operation<Answer extends z.ZodType = z.ZodType, Others extends ByStatus = ByStatus> {
  summary: string;
  /** The parameters of the path; those that are not named here are texts. */
  path?: z.ZodObject;
  query?: z.ZodType;
  /** Headers that the caller must send beside those of the security schemes. */
  headers?: z.ZodType;
  /** The JSON body. */
  body?: z.ZodType;
  /** The body where it is a form, URL-encoded. */
  form?: z.ZodType;
  /** The answer of a success: JSON, or a text whose content type the schema names (`textOf`). */
  answer: Answer;
  /** Content types that the caller can ask for in place of the answer's own, such as `text/csv`. */
  otherTypes?: readonly string[];
  /** The status of a success; 200 where it is left out. With 204 there is no body. */
  status?: 201 | 202 | 204;
  /** Answers of other statuses that have a body of their own. */
  others?: Others;
  /** Ways in, by the names of the document's security schemes: any one of them does. Left out, nothing is asked for. */
  security?: readonly Security[];
}

/** What must all be there for one way in; `{}` is for everybody. */
export type Security = Record<string, string[]>;

type ByStatus = Record<number, z.ZodType>;

const KEY = "x-operation";

/** What Elysia keeps with the route. A function, since Elysia merges objects member by member. */
interface Detail {
  summary: string;
  hide?: boolean;
  [KEY]?: () => Operation;
}

/** The options of a route: its description, and for the compiler alone what its handler must answer. */
interface Described<Answer extends z.ZodType, Others extends ByStatus> {
  detail: Detail;
  response: { 200: Answer } & Others;
}

/**
 * Describes a route. Its handler then compiles only when it answers what is described, or a finished Response. At run
 * time nothing is checked: each contract words its faults in its own way, and an answer of our own needs no check.
 */
export function operation<Answer extends z.ZodType, Others extends ByStatus = Record<never, never>>(
  about: Operation<Answer, Others>,
): Described<Answer, Others> {
  const options: Pick<Described<Answer, Others>, "detail"> = {
    detail: { summary: about.summary, [KEY]: () => about },
  };
  return options as Described<Answer, Others>;
}

/** What was said of a route by `operation`; undefined where nothing was. */
export function operationOf(detail: object): Operation | undefined {
  return (detail as Partial<Detail>)[KEY]?.();
}
