import { z } from "zod";

/** How the text of a setting becomes its value. Every setting arrives as text, be it a flag, a variable or a default. */

const SWITCH_VALUES: Record<string, boolean> = {
  true: true,
  "1": true,
  yes: true,
  on: true,
  false: false,
  "0": false,
  no: false,
  off: false,
};

export const text = z.string();

export const toggle = z.string().transform((value, context) => {
  const known = SWITCH_VALUES[value.trim().toLowerCase()];
  if (known !== undefined) return known;
  context.addIssue({ code: "custom", message: "expected true or false" });
  return z.NEVER;
});

export function integer(min: number, max: number) {
  return z.string().transform((value, context) => {
    const number = value.trim() === "" ? Number.NaN : Number(value);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    context.addIssue({ code: "custom", message: `expected a whole number from ${min} to ${max}` });
    return z.NEVER;
  });
}

export const port = integer(0, 65535);

export function choice<const Name extends string>(...names: Name[]) {
  return z.string().transform((value, context): Name => {
    const known = names.find((name) => name === value.trim().toLowerCase());
    if (known !== undefined) return known;
    context.addIssue({ code: "custom", message: `expected one of ${names.join(", ")}` });
    return z.NEVER;
  });
}

/** A comma-separated list; blanks around names and empty names are dropped. */
export const list = z.string().transform((value) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);

/** A time of day in UTC, `HH:MM`, as minutes after midnight. */
export const timeOfDay = z.string().transform((value, context) => {
  const match = /^(\d\d):(\d\d)$/.exec(value.trim());
  const [hours, minutes] = [Number(match?.[1]), Number(match?.[2])];
  if (hours < 24 && minutes < 60) return hours * 60 + minutes;
  context.addIssue({ code: "custom", message: "expected a time of day such as 02:00" });
  return z.NEVER;
});
