import { RequestError } from "../../../platform/errors";
import { jsonIn, readText } from "../../../platform/http/input";
import { tooLarge } from "./faults";
import type { WrittenNumbers } from "./schema/requests";

/**
 * The text of a body. What a request says of its length is looked at first, and what comes without is counted.
 * @throws ServiceError 413 beyond `maxBytes`
 */
export async function bodyText(request: Request, maxBytes: number): Promise<string> {
  refuseDeclaredSize(request, maxBytes);
  try {
    return await readText(request, maxBytes);
  } catch (error) {
    if (error instanceof RequestError && error.status === 413) throw tooLarge(maxBytes + 1, maxBytes);
    throw error;
  }
}

/** @throws ServiceError 413 where the request says that its body is longer */
export function refuseDeclaredSize({ headers }: Request, maxBytes: number): void {
  const declared = Number(headers.get("content-length") ?? 0);
  if (declared > maxBytes) throw tooLarge(declared, maxBytes);
}

interface WrittenJson {
  value: unknown;
  written: WrittenNumbers;
}

/** JSON with how the numbers of its member `parameters` were written. @throws MalformedJson */
export function jsonAsWritten(text: string): WrittenJson {
  const texts = new WeakMap<object, Map<string, string>>();
  const value = jsonIn(text, function keep(this: object, name: string, member: unknown, context: { source?: string }) {
    if (typeof member === "number" && context.source !== undefined) {
      const known = texts.get(this) ?? new Map<string, string>();
      texts.set(this, known.set(name, context.source));
    }
    return member;
  });
  const memberOf = (holder: unknown, name: string) => (holder as Record<string, unknown> | null | undefined)?.[name];
  const parameters = memberOf(value, "parameters");
  const textIn = (holder: unknown, name: string) => {
    return typeof holder === "object" && holder !== null ? texts.get(holder)?.get(name) : undefined;
  };
  return {
    value,
    written: {
      textOf: (name, index) =>
        index === undefined ? textIn(parameters, name) : textIn(memberOf(parameters, name), String(index)),
    },
  };
}
