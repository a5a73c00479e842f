import { z } from "zod";

/** A text, such as the example. */
export function textLike(example: string): z.ZodString {
  return z.string().meta({ examples: [example] });
}

/** A text of that content type, such as the example. */
export function textOf(contentType: string, example: string): z.ZodString {
  return z.string().meta({ contentMediaType: contentType, examples: [example] });
}
